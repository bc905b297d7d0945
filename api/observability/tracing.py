"""OpenTelemetry spans of GraphQL operations, if the `otel` extra is installed and configured."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

try:
    from opentelemetry import propagate, trace
except ImportError:  # the extra is not installed
    _tracer = None
else:
    _tracer = trace.get_tracer("newsgraph")

# Given the operation's name and its outcome: `ok`, or the first error's code.
End = Callable[[str, str], None]


def _end_nothing(_name: str, _outcome: str) -> None:
    """End no span."""


_NO_SPAN: AbstractContextManager[End] = nullcontext(_end_nothing)


def operation_span(headers: Mapping[str, str]) -> AbstractContextManager[End]:
    """Open a span for an operation, a child of the caller's (W3C `traceparent`)."""
    if _tracer is None or _is_unused(_tracer):
        return _NO_SPAN
    return _span(_tracer, headers)


@contextmanager
def _span(tracer: "trace.Tracer", headers: Mapping[str, str]) -> Iterator[End]:
    parent = propagate.extract(dict(headers))
    with tracer.start_as_current_span("graphql", parent, kind=trace.SpanKind.SERVER) as span:

        def end(name: str, outcome: str) -> None:
            # OpenTelemetry, "Semantic conventions for GraphQL". `name` has few values by now.
            span.update_name(f"query {name}")
            span.set_attributes({"graphql.operation.type": "query", "graphql.operation.name": name})
            if outcome != "ok":
                span.set_status(trace.StatusCode.ERROR, outcome)

        yield end


def _is_unused(tracer: "trace.Tracer") -> bool:
    """Return whether tracing is not configured. A span takes a tenth of a cached request anyway."""
    return isinstance(tracer, trace.ProxyTracer) and isinstance(
        trace.get_tracer_provider(), trace.ProxyTracerProvider
    )
