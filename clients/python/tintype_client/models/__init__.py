"""Contains all the data models used in inputs/outputs"""

from .access_token import AccessToken
from .action import Action
from .alive import Alive
from .alt_text import AltText
from .alt_text_suggestion import AltTextSuggestion
from .analysis_task import AnalysisTask
from .appeal import Appeal
from .appeal_answer import AppealAnswer
from .appeal_create import AppealCreate
from .avatar import Avatar
from .blocklist_addition import BlocklistAddition
from .blocklist_entry import BlocklistEntry
from .blocklist_entry_create import BlocklistEntryCreate
from .blocklist_entry_list import BlocklistEntryList
from .blocklist_image_create import BlocklistImageCreate
from .byline import Byline
from .caption_choice import CaptionChoice
from .caption_consent import CaptionConsent
from .comment import Comment
from .comment_create import CommentCreate
from .comment_list import CommentList
from .confirmation import Confirmation
from .consent_update import ConsentUpdate
from .decision import Decision
from .decision_create import DecisionCreate
from .decision_list import DecisionList
from .duplicate import Duplicate
from .duplicate_kind import DuplicateKind
from .effect import Effect
from .email_update import EmailUpdate
from .factor_challenge import FactorChallenge
from .factor_challenge_create import FactorChallengeCreate
from .factor_challenge_create_kind import FactorChallengeCreateKind
from .factor_challenge_passkey_type_0 import FactorChallengePasskeyType0
from .factor_create import FactorCreate
from .factor_create_kind import FactorCreateKind
from .factor_create_passkey_type_0 import FactorCreatePasskeyType0
from .factor_kind import FactorKind
from .field_problem import FieldProblem
from .hash_kind import HashKind
from .image import Image
from .image_list import ImageList
from .image_size import ImageSize
from .image_update import ImageUpdate
from .image_urls import ImageUrls
from .images_create_body import ImagesCreateBody
from .invite import Invite
from .invite_create import InviteCreate
from .invite_list import InviteList
from .label import Label
from .label_verdict import LabelVerdict
from .like_state import LikeState
from .log_entry import LogEntry
from .log_entry_details import LogEntryDetails
from .log_entry_list import LogEntryList
from .me import Me
from .moderator_decision import ModeratorDecision
from .moderator_decision_list import ModeratorDecisionList
from .new_second_factor import NewSecondFactor
from .notification import Notification
from .notification_kind import NotificationKind
from .notification_list import NotificationList
from .outcome import Outcome
from .passkey_challenge import PasskeyChallenge
from .passkey_challenge_passkey import PasskeyChallengePasskey
from .password_change import PasswordChange
from .password_reset import PasswordReset
from .password_reset_request import PasswordResetRequest
from .pending_user import PendingUser
from .pending_user_list import PendingUserList
from .post import Post
from .post_create import PostCreate
from .post_list import PostList
from .post_update import PostUpdate
from .post_viewer import PostViewer
from .problem import Problem
from .profile_update import ProfileUpdate
from .ranked_post import RankedPost
from .ranked_post_list import RankedPostList
from .ranking_window import RankingWindow
from .read_position import ReadPosition
from .readiness import Readiness
from .readiness_part import ReadinessPart
from .reason import Reason
from .relation import Relation
from .report import Report
from .report_context import ReportContext
from .report_create import ReportCreate
from .report_group import ReportGroup
from .report_group_list import ReportGroupList
from .report_group_reasons import ReportGroupReasons
from .report_list import ReportList
from .score_parts import ScoreParts
from .search_by_image_body import SearchByImageBody
from .search_hit import SearchHit
from .search_hit_list import SearchHitList
from .second_factor import SecondFactor
from .second_factor_list import SecondFactorList
from .sensitive_media import SensitiveMedia
from .sensitive_media_answer import SensitiveMediaAnswer
from .sensitive_media_score import SensitiveMediaScore
from .sign_up_challenge import SignUpChallenge
from .sign_up_state import SignUpState
from .similar_post import SimilarPost
from .similar_post_list import SimilarPostList
from .suspension_appeal import SuspensionAppeal
from .tag import Tag
from .tag_list import TagList
from .tag_source import TagSource
from .tagged_post import TaggedPost
from .tagged_post_list import TaggedPostList
from .target_kind import TargetKind
from .task_state import TaskState
from .terms import Terms
from .terms_create import TermsCreate
from .text_source import TextSource
from .token import Token
from .token_list import TokenList
from .tokens_create_body import TokensCreateBody
from .tokens_create_body_grant_type import TokensCreateBodyGrantType
from .totp_secret import TotpSecret
from .understanding import Understanding
from .user import User
from .user_create import UserCreate
from .user_list import UserList
from .verdict import Verdict
from .visibility import Visibility

__all__ = (
    "AccessToken",
    "Action",
    "Alive",
    "AltText",
    "AltTextSuggestion",
    "AnalysisTask",
    "Appeal",
    "AppealAnswer",
    "AppealCreate",
    "Avatar",
    "BlocklistAddition",
    "BlocklistEntry",
    "BlocklistEntryCreate",
    "BlocklistEntryList",
    "BlocklistImageCreate",
    "Byline",
    "CaptionChoice",
    "CaptionConsent",
    "Comment",
    "CommentCreate",
    "CommentList",
    "Confirmation",
    "ConsentUpdate",
    "Decision",
    "DecisionCreate",
    "DecisionList",
    "Duplicate",
    "DuplicateKind",
    "Effect",
    "EmailUpdate",
    "FactorChallenge",
    "FactorChallengeCreate",
    "FactorChallengeCreateKind",
    "FactorChallengePasskeyType0",
    "FactorCreate",
    "FactorCreateKind",
    "FactorCreatePasskeyType0",
    "FactorKind",
    "FieldProblem",
    "HashKind",
    "Image",
    "ImageList",
    "ImagesCreateBody",
    "ImageSize",
    "ImageUpdate",
    "ImageUrls",
    "Invite",
    "InviteCreate",
    "InviteList",
    "Label",
    "LabelVerdict",
    "LikeState",
    "LogEntry",
    "LogEntryDetails",
    "LogEntryList",
    "Me",
    "ModeratorDecision",
    "ModeratorDecisionList",
    "NewSecondFactor",
    "Notification",
    "NotificationKind",
    "NotificationList",
    "Outcome",
    "PasskeyChallenge",
    "PasskeyChallengePasskey",
    "PasswordChange",
    "PasswordReset",
    "PasswordResetRequest",
    "PendingUser",
    "PendingUserList",
    "Post",
    "PostCreate",
    "PostList",
    "PostUpdate",
    "PostViewer",
    "Problem",
    "ProfileUpdate",
    "RankedPost",
    "RankedPostList",
    "RankingWindow",
    "Readiness",
    "ReadinessPart",
    "ReadPosition",
    "Reason",
    "Relation",
    "Report",
    "ReportContext",
    "ReportCreate",
    "ReportGroup",
    "ReportGroupList",
    "ReportGroupReasons",
    "ReportList",
    "ScoreParts",
    "SearchByImageBody",
    "SearchHit",
    "SearchHitList",
    "SecondFactor",
    "SecondFactorList",
    "SensitiveMedia",
    "SensitiveMediaAnswer",
    "SensitiveMediaScore",
    "SignUpChallenge",
    "SignUpState",
    "SimilarPost",
    "SimilarPostList",
    "SuspensionAppeal",
    "Tag",
    "TaggedPost",
    "TaggedPostList",
    "TagList",
    "TagSource",
    "TargetKind",
    "TaskState",
    "Terms",
    "TermsCreate",
    "TextSource",
    "Token",
    "TokenList",
    "TokensCreateBody",
    "TokensCreateBodyGrantType",
    "TotpSecret",
    "Understanding",
    "User",
    "UserCreate",
    "UserList",
    "Verdict",
    "Visibility",
)
