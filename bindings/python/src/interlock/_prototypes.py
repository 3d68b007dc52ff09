"""Every function of the C interface, by the C types of its header."""

from __future__ import annotations

_ENGINE = "interlock_engine *"
_ERROR = "interlock_error **"
_BUFFER = "interlock_buffer **"
_TEXT = ("const char *", "size_t")
_QUERY = "const interlock_checkpoint_query *"
_LIST = ("const interlock_bytes *", "size_t")
_STATUS = "interlock_status"
_CANCEL = "interlock_cancel *"
_RUN = "interlock_run *"
# a request document in, a document out
_DOCUMENT = (_ENGINE, *_TEXT, _BUFFER, _ERROR)
_WAIT = (_ENGINE, *_TEXT, "uint64_t", _CANCEL, _BUFFER, _ERROR)
# the same of a run
_RUN_DOCUMENT = (_RUN, *_TEXT, _BUFFER, _ERROR)

# name, C type of the result, C types of the parameters, the release that brought it
PROTOTYPES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("interlock_library_version", "const char *", (), "0.1"),
    ("interlock_library_abi", "uint32_t", (), "0.1"),
    ("interlock_status_name", "const char *", (_STATUS,), "0.1"),
    ("interlock_error_free", "void", ("interlock_error *",), "0.1"),
    ("interlock_buffer_free", "void", ("interlock_buffer *",), "0.1"),
    (
        "interlock_engine_open",
        _STATUS,
        (*_TEXT, "const interlock_engine_options *", "interlock_engine **", _ERROR),
        "0.1",
    ),
    ("interlock_engine_close", _STATUS, (_ENGINE, _ERROR), "0.1"),
    ("interlock_engine_info", _STATUS, (_ENGINE, _BUFFER, _ERROR), "0.1"),
    ("interlock_engine_check", _STATUS, (_ENGINE, _BUFFER, _ERROR), "0.1"),
    ("interlock_thread_delete", _STATUS, (_ENGINE, *_TEXT, _ERROR), "0.1"),
    ("interlock_thread_copy", _STATUS, (_ENGINE, *_TEXT, *_TEXT, _ERROR), "0.1"),
    ("interlock_thread_prune", _STATUS, (_ENGINE, *_LIST, "uint32_t", _ERROR), "0.1"),
    ("interlock_thread_storage", _STATUS, (_ENGINE, *_TEXT, _BUFFER, _ERROR), "0.1"),
    ("interlock_thread_list", _STATUS, (_ENGINE, *_TEXT, "uint32_t", _BUFFER, _ERROR), "0.1"),
    (
        "interlock_checkpoint_put",
        _STATUS,
        (_ENGINE, "const interlock_checkpoint_input *", _ERROR),
        "0.1",
    ),
    (
        "interlock_checkpoint_put_writes",
        _STATUS,
        (_ENGINE, "const interlock_write_input *", _ERROR),
        "0.1",
    ),
    (
        "interlock_checkpoint_get",
        _STATUS,
        (_ENGINE, _QUERY, "interlock_checkpoint_page **", _ERROR),
        "0.1",
    ),
    (
        "interlock_checkpoint_list",
        _STATUS,
        (_ENGINE, _QUERY, "interlock_checkpoint_page **", _ERROR),
        "0.1",
    ),
    ("interlock_checkpoint_page_free", "void", ("interlock_checkpoint_page *",), "0.1"),
    (
        "interlock_checkpoint_history",
        _STATUS,
        (_ENGINE, _QUERY, *_LIST, "interlock_history **", _ERROR),
        "0.1",
    ),
    ("interlock_history_free", "void", ("interlock_history *",), "0.1"),
    ("interlock_checkpoint_delete_for_runs", _STATUS, (_ENGINE, *_LIST, _ERROR), "0.1"),
    ("interlock_engine_tick", _STATUS, (_ENGINE, _BUFFER, _ERROR), "0.1"),
    ("interlock_engine_next_deadline", _STATUS, (_ENGINE, "int64_t *", _ERROR), "0.1"),
    ("interlock_engine_set_time", _STATUS, (_ENGINE, "int64_t", _ERROR), "0.1"),
    ("interlock_engine_event_fd", _STATUS, (_ENGINE, "int32_t *", _ERROR), "0.1"),
    ("interlock_cancel_create", _STATUS, ("interlock_cancel **", _ERROR), "0.1"),
    ("interlock_cancel_signal", _STATUS, (_CANCEL, _ERROR), "0.1"),
    ("interlock_cancel_close", _STATUS, (_CANCEL, _ERROR), "0.1"),
    ("interlock_review_open", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_respond", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_cancel", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_supersede", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_claim", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_release", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_reassign", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_comment", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_history", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_escalate", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_explain", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_wait", _STATUS, _WAIT, "0.1"),
    ("interlock_review_receipt", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_receipt_verify", _STATUS, (*_TEXT, *_TEXT, _BUFFER, _ERROR), "0.1"),
    ("interlock_policy_put", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_policy_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_policy_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_issue", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_inspect", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_redeem", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_revoke", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_rotate", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_webhook_sign", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_webhook_verify", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_webhook_receive", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_event_read", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_event_wait", _STATUS, _WAIT, "0.1"),
    ("interlock_event_ack", _STATUS, _DOCUMENT, "0.1"),
    (
        "interlock_run_begin",
        _STATUS,
        (_ENGINE, *_TEXT, "interlock_run **", _BUFFER, _ERROR),
        "0.1",
    ),
    ("interlock_run_step", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_record", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_interrupt", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_heartbeat", _STATUS, (_RUN, _BUFFER, _ERROR), "0.1"),
    ("interlock_run_suspend", _STATUS, (_RUN, _BUFFER, _ERROR), "0.1"),
    ("interlock_run_complete", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_fail", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_close", _STATUS, (_RUN, _ERROR), "0.1"),
    ("interlock_run_resume", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_cancel", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_interrupts", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_consume", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_report", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_post", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_ack", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_delete", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_feedback_put", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_feedback_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_feedback_summary", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_audit_read", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_audit_export", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_audit_verify", _STATUS, _DOCUMENT, "0.1"),
)
