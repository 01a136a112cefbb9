"""What people are told when a hold or reservation lapses, or is given free by hand."""

from flask_babel import lazy_gettext

from foundation.noticekinds import NoticeKind, register_notice

SPACE_PASSED_ON = register_notice(
    NoticeKind(
        "space_passed_on",
        subject=lazy_gettext("Space %(space)s has passed to the next in the queue"),
        body=lazy_gettext(
            "What %(holder)s had of space %(space)s lapsed on %(lapsed_at)s without a lease. It is now held for "
            "%(next)s, who had waited longest, since %(since_at)s, and for whom it fits."
        ),
    )
)
SPACE_FREED = register_notice(
    NoticeKind(
        "space_freed",
        subject=lazy_gettext("Space %(space)s is free again"),
        body=lazy_gettext(
            "What %(holder)s had of space %(space)s lapsed on %(lapsed_at)s without a lease. Nobody waits for it."
        ),
    )
)
SPACE_HELD_FOR_YOU = register_notice(
    NoticeKind(
        "space_held_for_you",
        subject=lazy_gettext("Space %(space)s is held for you"),
        body=lazy_gettext(
            "You waited for space %(space)s since %(since_at)s and are next. It is held for you until %(until_at)s; "
            "after that it goes to the next in the queue."
        ),
    )
)
SPACE_HANDED_ON = register_notice(
    NoticeKind(
        "space_handed_on",
        subject=lazy_gettext("Space %(space)s has passed to the next in the queue"),
        body=lazy_gettext(
            "What %(holder)s had of space %(space)s was given free on %(lapsed_at)s. It is now held for %(next)s, "
            "who had waited longest, since %(since_at)s, and for whom it fits."
        ),
    )
)
SPACE_GIVEN_UP = register_notice(
    NoticeKind(
        "space_given_up",
        subject=lazy_gettext("Space %(space)s is free again"),
        body=lazy_gettext(
            "What %(holder)s had of space %(space)s was given free on %(lapsed_at)s. Nobody waits for it."
        ),
    )
)
