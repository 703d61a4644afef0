from datetime import datetime, timedelta

from adapters.postgres.database import Connection
from adapters.postgres.locks import LEDGER_LOCK
from domain.ids import UserId
from domain.ledger import Call, CallOutcome, CallStanding, CaptionKey, Ledger, Spending

# caption_calls_began_at_idx, which contains all summed columns
SPENDING = """
select coalesce(sum(usd), 0) as usd, coalesce(sum(usd) filter (where user_id = $3), 0) as by_user, count(*) as calls
from caption_calls where began_at >= $1 and began_at < $2
"""

# caption_calls_open_idx
HAS_OPEN_CALL = """
select exists (
  select from caption_calls
  where outcome = 'open' and picture = $1 and model = $2 and prompt_version = $3 and began_at > $4
)
"""

# caption_calls_pkey
SAVE = """
insert into caption_calls
  (id, picture, model, prompt_version, image_id, user_id, began_at, usd, tokens_in, tokens_out, outcome)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (id) do update set usd = excluded.usd, tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out,
  outcome = excluded.outcome
"""


class PostgresLedger(Ledger):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def spending(self, day: datetime, user_id: UserId | None = None) -> Spending:
        row = await self._connection.fetchrow(SPENDING, day, day + timedelta(days=1), user_id)
        return Spending(row["usd"], row["by_user"], row["calls"])

    async def standing(self, key: CaptionKey, user_id: UserId, day: datetime, since: datetime) -> CallStanding:
        # A separate statement, so that the next ones see what the last holder of the lock has committed.
        await self._connection.execute("select pg_advisory_xact_lock($1)", LEDGER_LOCK)
        in_progress = bool(await self._connection.fetchval(HAS_OPEN_CALL, *key_columns(key), since))
        return CallStanding(in_progress, await self.spending(day, user_id))

    async def save(self, call: Call) -> None:
        used = (call.usage.tokens_in, call.usage.tokens_out) if call.usage else (None, None)
        whose = call.image_id, call.user_id, call.began_at
        outcome = CallOutcome(call.outcome).value
        await self._connection.execute(SAVE, call.id, *key_columns(call.key), *whose, call.usd, *used, outcome)


def key_columns(key: CaptionKey) -> tuple[bytes, str, str]:
    """image, model, prompt_version"""
    return bytes.fromhex(key.image.value), key.model, key.prompt_version
