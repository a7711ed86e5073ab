"""The pages as a plugin of Datasette: their addresses, and the guard around every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from datasette import Request, hookimpl

from pipeline.explore import guard, review_views, views
from pipeline.explore.state import Explorer
from pipeline.explore.views import ATTACHED
from pipeline.explore.web import language_of

_Hook = TypeVar("_Hook", bound=Callable[..., Any])

_ROUTES: list[tuple[str, views.View]] = [
    (r"^/$", views.show_home),
    (r"^/conferences$", views.show_conferences),
    (r"^/conferences/(?P<id>[^/]+)$", views.show_conference),
    (r"^/units$", views.show_units),
    (r"^/units/(?P<id>[^/]+)$", views.show_unit),
    (r"^/indicators$", views.show_indicators),
    (r"^/indicators/(?P<code>[a-z_]+)$", views.show_indicator),
    (r"^/compare$", views.show_compare),
    (r"^/archived/(?P<id>[^/]+)$", views.show_archived),
    (r"^/review$", review_views.show_review),
    (r"^/review/answer$", review_views.take_answer),
    (r"^/review/release$", review_views.make_release),
    (r"^/-/tongket/(?P<file>[a-z]+\.(?:css|js|svg))$", views.show_file),
]


def attach(datasette: Any, explorer: Explorer, refresh: Callable[[], None], allowed_script: str) -> None:
    """Tell `datasette` that it shows the pages of `explorer`: others in the same process are left as they are."""
    setattr(datasette, ATTACHED, (explorer, refresh, allowed_script))


def hook(function: _Hook) -> _Hook:
    """Mark `function` as one that Datasette calls."""
    return cast(_Hook, hookimpl(function))


@hook
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """The pages' addresses."""
    return (
        [(path, views.told_if_it_fails(view)) for path, view in _ROUTES]
        if hasattr(datasette, ATTACHED)
        else []
    )


@hook
def asgi_wrapper(datasette: Any) -> Callable[[guard.App], guard.App]:
    """The guard, around the pages and Datasette's own alike."""

    def wrap(app: guard.App) -> guard.App:
        attached = getattr(datasette, ATTACHED, None)
        return guard.guarded(app, *attached) if attached else app

    return wrap


@hook
def extra_template_vars(request: Request | None, datasette: Any) -> dict[str, Any]:
    """What the head of Datasette's own pages needs."""
    if request is None or not hasattr(datasette, ATTACHED):
        return {}
    explorer: Explorer = getattr(datasette, ATTACHED)[0]
    return {"t": explorer.words(language_of(request))}
