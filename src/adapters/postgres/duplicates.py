from collections.abc import Sequence
from itertools import combinations

from adapters.postgres.database import Connection
from adapters.postgres.hash_keys import QUARTERS
from adapters.postgres.visibility import IMAGE_VISIBLE
from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.vision.duplicates import MAX_DISTANCE, MAX_DUPLICATES, Duplicate, DuplicateKind, Duplicates, Fingerprint

# images_original_id_idx, images_fingerprint_1_idx to _4_idx. The search is exact without reading every row: if two
# fingerprints differ in at most ten bits, one of the first three quarters differs in at most two bits, or the fourth in
# at most one (otherwise there would be at least 3 + 3 + 3 + 2). The values near a quarter are so few that each is
# looked up. "Multi-index hashing": M. Norouzi, A. Punjani, D. Fleet, "Fast Search in Hamming Space with Multi-Index
# Hashing", CVPR 2012.
RADII = {1: 2, 2: 2, 3: 2, 4: 1}
SHARES_QUARTER = " or ".join(
    f"((i.fingerprint >> {shift}) & 65535) = any(${quarter + 3}::bigint[])" for quarter, shift in QUARTERS.items()
)
_DISTANCE = "bit_count((i.fingerprint # $3)::bit(64))"
# For equal bytes no more rows are read than returned, because some images are uploaded by very many users.
FIND = f"""
select * from (
  (select i.id, 'exact' as kind, 0 as distance from images i
   where i.original = $2 and {IMAGE_VISIBLE} order by i.id limit {MAX_DUPLICATES})
  union all
  (select i.id, 'near', {_DISTANCE} from images i
   where ({SHARES_QUARTER}) and {_DISTANCE} <= {MAX_DISTANCE} and i.original <> $2 and {IMAGE_VISIBLE}
   order by 3, 1 limit {MAX_DUPLICATES})) as found
order by kind, distance, id limit {MAX_DUPLICATES}
"""

_INSERT = "insert into duplicates (image_id, other_id, kind, distance) values ($1, $2, $3, $4)"


class PostgresDuplicates(Duplicates):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find(self, owner_id: UserId, original: BlobKey, fingerprint: Fingerprint | None) -> tuple[Duplicate, ...]:
        number = None if fingerprint is None else to_signed(fingerprint)
        near = [[] if fingerprint is None else near_values(fingerprint, quarter) for quarter in QUARTERS]
        rows = await self._connection.fetch(FIND, owner_id, bytes.fromhex(original.value), number, *near)
        return tuple(Duplicate(ImageId(row.id), DuplicateKind(row.kind), row.distance) for row in rows)

    async def save(self, image_id: ImageId, found: Sequence[Duplicate]) -> None:
        rows = [(image_id, one.image_id, one.kind.value, one.distance) for one in found]
        await self._connection.executemany(_INSERT, rows)


def to_signed(fingerprint: Fingerprint) -> int:
    """Return the same 64 bits as a signed bigint."""
    return fingerprint - 2**64 if fingerprint >= 2**63 else fingerprint


def near_values(fingerprint: Fingerprint, quarter: int) -> list[int]:
    """Return every number that differs from this quarter in at most its radius of bits."""
    number = fingerprint >> QUARTERS[quarter] & 0xFFFF
    changes = (bits for count in range(RADII[quarter] + 1) for bits in combinations(range(16), count))
    return [number ^ sum(1 << bit for bit in bits) for bits in changes]
