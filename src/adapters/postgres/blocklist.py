from collections.abc import Iterator, Sequence

from asyncpg import BitString

from adapters.postgres.database import Connection, Row
from adapters.postgres.duplicates import SHARES_QUARTER, near_values, to_signed
from adapters.postgres.hash_keys import PDQ_RADII, PERCEPTUAL_RADII, QUARTERS, near_keys, stored_keys
from adapters.postgres.locks import UPLOAD_LOCK
from adapters.postgres.paging import LOWEST_ID
from domain.blobs import BlobKey
from domain.blocklist import Blocklist, Entry, HashKind, ImageHashes, Match
from domain.ids import EntryId, ImageId
from domain.vision.dihedral import ORIENTATIONS
from domain.vision.duplicates import MAX_DISTANCE, fingerprint_orientations
from domain.vision.pdq import MAX_PDQ_DISTANCE, Pdq, pdq_orientations

_RADII: dict[HashKind, tuple[int, ...]] = {
    HashKind.SHA256: (),
    HashKind.PERCEPTUAL: PERCEPTUAL_RADII,
    HashKind.PDQ: PDQ_RADII,
}
_LIMITS = {HashKind.PERCEPTUAL: MAX_DISTANCE, HashKind.PDQ: MAX_PDQ_DISTANCE}
_TURNS = range(1, len(ORIENTATIONS) + 1)
_FIRST_KEYS = len(ORIENTATIONS) + 1
"""The number of the first parameter with keys. Those before are the hashes of all orientations."""
_DISTANCE = f"least({', '.join(f'bit_count(value # ${turn}::varbit)' for turn in _TURNS)})"


def _is_near(kind: HashKind) -> str:
    return " or ".join(f"keys[{place + 1}] = any(${_FIRST_KEYS + place}::int[])" for place in range(len(_RADII[kind])))


def _match_statement(kind: HashKind) -> str:
    # `case`, because hashes of different lengths cannot be compared.
    distance = f"case when kind = '{kind}' then {_DISTANCE} end"
    return f"""
select id, kind, reason, source, {distance} as distance from blocklist_entries
where ({_is_near(kind)}) and {distance} <= {_LIMITS[kind]} order by distance, id limit 1"""


# blocklist_entries_kind_value_key; blocklist_entries_key_0_idx to _15_idx
FIND_MATCH = {
    HashKind.SHA256: """
select id, kind, reason, source, 0 as distance from blocklist_entries
where kind = 'sha256' and value = any($1::varbit[]) order by id limit 1""",
    HashKind.PERCEPTUAL: _match_statement(HashKind.PERCEPTUAL),
    HashKind.PDQ: _match_statement(HashKind.PDQ),
}

# blocklist_entries_kind_value_key
_KINDS = f"""
select kind from unnest(array[{", ".join(f"'{kind}'" for kind in HashKind)}]) as kind
where exists (select from blocklist_entries where blocklist_entries.kind = kind.kind)"""

_AFTER = _FIRST_KEYS + len(PDQ_RADII)
# images_original_id_idx; images_fingerprint_1_idx to _4_idx; pdq_hashes_key_0_idx to _15_idx
# Materialized, because PostgreSQL would otherwise walk along the ids and compute every distance.
FIND_IMAGES = {
    HashKind.SHA256: """
select id as image_id, 0 as distance from images where original = $1 and id > $2 order by id limit $3""",
    HashKind.PERCEPTUAL: f"""
with near as materialized (
  select i.id as image_id,
    (select min(bit_count((i.fingerprint # one)::bit(64))) from unnest($1::bigint[]) as one) as distance
  from images i where {SHARES_QUARTER})
select image_id, distance from near
where distance <= {MAX_DISTANCE} and image_id > $2 order by image_id limit $3""",
    HashKind.PDQ: f"""
with near as materialized (
  select image_id, {_DISTANCE} as distance from pdq_hashes where {_is_near(HashKind.PDQ)})
select image_id, distance from near
where distance <= {MAX_PDQ_DISTANCE} and image_id > ${_AFTER} order by image_id limit ${_AFTER + 1}""",
}

_ADD = """
insert into blocklist_entries (id, kind, value, keys, reason, source, added_by, added_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (kind, value) do nothing returning id"""

ENTRY = "id, kind, value, reason, source, added_by, added_at, applied"
# blocklist_entries_pkey
_DELETE = f"delete from blocklist_entries where id = $1 returning {ENTRY}"
_MARK_APPLIED = "update blocklist_entries set applied = true where id = $1"
# blocklist_entries_unapplied_idx
FIND_UNAPPLIED = f"select {ENTRY} from blocklist_entries where not applied order by id limit $1"

_SAVE_PDQ = """
insert into pdq_hashes (image_id, value, keys) values ($1, $2, $3)
on conflict (image_id) do update set value = excluded.value, keys = excluded.keys"""
# images_pkey, pdq_hashes_pkey
FIND_UNHASHED = """
select id, medium_key from images
where id > $1 and not exists (select from pdq_hashes where image_id = images.id) order by id limit $2"""
# images_pkey, pdq_hashes_pkey
_HASHES_OF = """
select original, fingerprint, image_id is not null as hashed, value as pdq
from images left join pdq_hashes on image_id = id where id = $1"""


class PostgresBlocklist(Blocklist):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, entries: Sequence[Entry]) -> int:
        return len(await self._connection.fetchmany(_ADD, [_columns(entry) for entry in entries]))

    async def delete(self, entry_id: EntryId) -> Entry | None:
        row = await self._connection.fetchrow(_DELETE, entry_id)
        return entry_of(row) if row else None

    async def kinds(self) -> frozenset[HashKind]:
        return frozenset(HashKind(row["kind"]) for row in await self._connection.fetch(_KINDS))

    async def find_match(self, hashes: ImageHashes) -> Match | None:
        rows = [
            row for kind, values in _match_values(hashes) for row in await self._fetch_near(FIND_MATCH[kind], *values)
        ]
        if not rows:
            return None
        row = min(rows, key=lambda row: (row["distance"], row["id"]))
        return Match(HashKind(row["kind"]), row["distance"], row["reason"], row["source"], EntryId(row["id"]))

    async def save_pdq(self, image_id: ImageId, pdq: Pdq | None) -> None:
        bits, keys = (None, []) if pdq is None else (_bits_of(pdq, HashKind.PDQ), stored_keys(pdq, PDQ_RADII))
        await self._connection.execute(_SAVE_PDQ, image_id, bits, keys)

    async def find_unhashed(self, after: ImageId | None, limit: int) -> Sequence[tuple[ImageId, BlobKey]]:
        rows = await self._connection.fetch(FIND_UNHASHED, after or LOWEST_ID, limit)
        return [(ImageId(row["id"]), BlobKey(row["medium_key"].hex())) for row in rows]

    async def hashes_of(self, image_id: ImageId) -> ImageHashes | None:
        row = await self._connection.fetchrow(_HASHES_OF, image_id)
        if row is None:
            return None
        fingerprint = None if row["fingerprint"] is None else row["fingerprint"] % 2**64
        pdqs = () if row["pdq"] is None else pdq_orientations(Pdq(row["pdq"].to_int()))
        if not row["hashed"]:
            return ImageHashes((BlobKey(row["original"].hex()),), fingerprint, None)
        return ImageHashes((BlobKey(row["original"].hex()),), fingerprint, pdqs)

    async def find_unapplied(self, limit: int) -> Sequence[Entry]:
        return [entry_of(row) for row in await self._connection.fetch(FIND_UNAPPLIED, limit)]

    async def find_images(self, entry: Entry, after: ImageId | None, limit: int) -> Sequence[tuple[ImageId, int]]:
        rows = await self._fetch_near(FIND_IMAGES[entry.kind], *_search_values(entry, after or LOWEST_ID, limit))
        return [(ImageId(row["image_id"]), row["distance"]) for row in rows]

    async def _fetch_near(self, statement: str, *arguments: object) -> Sequence[Row]:
        """Fetch rows by indexes. PostgreSQL expects that many keys match a large part of a table, and would compare
        every row."""
        await self._connection.execute("set local enable_seqscan = off")
        rows: Sequence[Row] = await self._connection.fetch(statement, *arguments)
        await self._connection.execute("set local enable_seqscan to default")
        return rows

    async def mark_applied(self, entry_id: EntryId) -> None:
        await self._connection.execute(_MARK_APPLIED, entry_id)

    async def begin_upload(self) -> None:
        await self._connection.execute("select pg_advisory_xact_lock_shared($1)", UPLOAD_LOCK)

    async def await_uploads(self) -> None:
        await self._connection.execute("select pg_advisory_xact_lock($1)", UPLOAD_LOCK)


def entry_of(row: Row) -> Entry:
    """Return the entry from the columns `ENTRY`."""
    kind, value = HashKind(row["kind"]), row["value"].to_int()
    text = f"{value:0{kind.digits}x}"
    return Entry(
        EntryId(row["id"]), kind, text, row["reason"], row["source"], row["added_by"], row["added_at"], row["applied"]
    )


def _columns(entry: Entry) -> tuple[object, ...]:
    number = int(entry.value, 16)
    radii = _RADII[entry.kind]
    bits, keys = _bits_of(number, entry.kind), stored_keys(number, radii) if radii else []
    return (entry.id, entry.kind.value, bits, keys, entry.reason, entry.source, entry.added_by, entry.added_at)


def _bits_of(number: int, kind: HashKind) -> BitString:
    return BitString.from_int(number, 4 * kind.digits, bitorder="big", signed=False)


def _match_values(hashes: ImageHashes) -> Iterator[tuple[HashKind, Sequence[object]]]:
    """Yield the parameters of `FIND_MATCH` for each kind of hash that the image has."""
    if hashes.sha256:
        yield HashKind.SHA256, [[_bits_of(int(key.value, 16), HashKind.SHA256) for key in hashes.sha256]]
    if hashes.fingerprint is not None:
        yield HashKind.PERCEPTUAL, _near_values(HashKind.PERCEPTUAL, fingerprint_orientations(hashes.fingerprint))
    if hashes.pdqs:
        yield HashKind.PDQ, _near_values(HashKind.PDQ, hashes.pdqs)


def _near_values(kind: HashKind, turned: Sequence[int]) -> Sequence[object]:
    return [*(_bits_of(number, kind) for number in turned), *near_keys(turned, _RADII[kind])]


def _search_values(entry: Entry, after: object, limit: int) -> Sequence[object]:
    """Return the parameters of `FIND_IMAGES`."""
    number = int(entry.value, 16)
    if entry.kind is HashKind.SHA256:
        return bytes.fromhex(entry.value), after, limit
    if entry.kind is HashKind.PERCEPTUAL:
        turned = fingerprint_orientations(number)
        quarters = [[value for one in turned for value in near_values(one, quarter)] for quarter in QUARTERS]
        return [to_signed(one) for one in turned], after, limit, *quarters
    return *_near_values(HashKind.PDQ, pdq_orientations(Pdq(number))), after, limit
