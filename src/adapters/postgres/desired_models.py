from adapters.postgres.database import Database
from domain.blobs import BlobKey
from domain.vision import Installer
from domain.vision.desired_model import DesiredModel, DesiredModels

# desired_models_pkey
CURRENT = "select * from desired_models order by revision desc limit 1"

# desired_models_pkey. Of concurrent calls with one revision, one inserts.
ADD = """
insert into desired_models (revision, name, version, temperature, file, installer, set_by, set_at)
select $1, $2, $3, $4, $5, $6, $7, $8
where $1 = (select coalesce(max(revision), 0) + 1 from desired_models)
on conflict do nothing returning true
"""


class PostgresDesiredModels(DesiredModels):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self) -> DesiredModel | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(CURRENT)
        if row is None:
            return None
        file = BlobKey(row.file.hex()) if row.file else None
        installer = Installer(row.installer)
        return DesiredModel(
            row.revision, row.name, row.version, row.temperature, file, installer, row.set_by, row.set_at
        )

    async def add(self, model: DesiredModel) -> bool:
        file = bytes.fromhex(model.file.value) if model.file else None
        described = (model.revision, model.name, model.version, model.temperature)
        async with self._database.connection() as connection:
            return bool(
                await connection.fetchval(ADD, *described, file, model.installer.value, model.set_by, model.set_at)
            )
