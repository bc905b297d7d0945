"""How a request becomes a stream: it is admitted and answered as any other, and then listens."""

import time
from contextlib import ExitStack
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from api.graphql.budgets import caller_of
from api.graphql.headers import Headers
from api.graphql.live.events import COMPLETE, HELLO, answer_of, is_transient
from api.graphql.live.hub import Hub
from api.graphql.live.live_query import Listener, LiveQuery
from api.graphql.live.stream import Stream
from api.graphql.negotiation import EVENT_STREAM, JSON
from api.graphql.operations import Operations
from api.graphql.refusal import Refusal
from api.graphql.response import EncodedResult
from api.observability.logs import request_id
from api.observability.tracing import operation_span
from store.audience import Audience


async def open_stream(
    operations: Operations, hub: Hub, request: Request, headers: Headers, audience: Audience
) -> ASGIApp:
    """Return the response to a request for a stream, which has its first answer.

    Raises Refusal. What the hub and its places give is held until the response ends.
    """
    caller = caller_of(request.scope, headers)
    with ExitStack() as held:
        held.enter_context(hub.places.taken(caller))
        with operations.concurrency, operation_span(headers) as end_span:
            asked = await operations.read(request, headers, audience)
            account = None
            if operations.budgets is not None:
                account = operations.budgets.open(caller)
            began = time.perf_counter()
            query = await hub.subscriptions.as_query(
                asked.query, operations.schemas.current, operations.pacing
            )
            operation = replace(asked, query=query)
            key = operation.key()
            if key is None:
                raise Refusal(400, "The variables are nested too deeply for a stream.")
            state = hub.state(audience)
            result, hit = await operations.answer(operation)
            answer = await answer_of(result)
            name = operations.count(result, hit=hit, seconds=time.perf_counter() - began)
            end_span(name, result.outcome)
        operations.note(request, operation, result, name, hit=hit)
        stream_headers = {
            "content-type": f"{EVENT_STREAM}; charset=utf-8",
            "cache-control": "no-store",
            "vary": operations.authenticator.vary,
            "x-accel-buffering": "no",  # nginx would keep answers back
            **(account.pay(result.used) if account else {}),
        }
        if not result.has_data and is_transient(result):
            return result.http_response(
                JSON, cache_control="no-store", vary="", gzip=False, if_none_match=""
            )
        if answer.is_last:
            text = HELLO + answer.for_request(request_id.get()) + COMPLETE
            return Response(text, headers=stream_headers)

        async def make() -> EncodedResult:
            result, _ = await operations.answer(operation)
            return result

        made_of = state if hub.is_settled(result) else None
        listener = Listener()
        mine = LiveQuery(make, audience, answer, made_of)
        live = held.enter_context(hub.listening(key, mine, listener))
        return Stream(
            live,
            listener,
            # One that is not up to date will be soon; this answer is newer than that.
            first=live.answer if live.made_of == hub.state(audience) else answer,
            headers=stream_headers,
            held=held.pop_all(),
            last_event_id=headers.get("last-event-id", ""),
            account=account,
        )
