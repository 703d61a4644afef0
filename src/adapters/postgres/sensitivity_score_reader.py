from collections.abc import Collection, Mapping

from adapters.postgres.database import Database
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.sensitivity_scores import COLUMNS, score_of
from domain.ids import ImageId, UserId
from domain.pages import Page, PageRequest
from domain.sensitive_media import OwnScore, SensitivityScore, SensitivityScoreReader

# sensitivity_scores_pkey, images_pkey, posts_pkey
_OF_IMAGES = """
select s.*, coalesce(p.sensitive, false) as is_marked
from sensitivity_scores s join images i on i.id = s.image_id left join posts p on p.id = i.post_id
where s.image_id = any($1::uuid[]) and i.owner_id = $2
"""
# sensitivity_scores_answered_idx
ANSWERED = page_statement(
    lambda rows: (
        f"""
select image_id as id, {COLUMNS} from sensitivity_scores where answer is not null and image_id < $1
order by image_id desc limit {rows}"""
    )
)


class PostgresSensitivityScoreReader(SensitivityScoreReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_images(self, image_ids: Collection[ImageId], owner_id: UserId) -> Mapping[ImageId, OwnScore]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(_OF_IMAGES, list(image_ids), owner_id)
        return {ImageId(row["image_id"]): OwnScore(score_of(row), row["is_marked"]) for row in rows}

    async def answered(self, page: PageRequest) -> Page[SensitivityScore]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(ANSWERED(page), below_id(page))
        return make_page(rows, page, score_of)
