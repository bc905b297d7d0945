"""Any query as a stream: the answer, and the whole answer again whenever it has changed.

opening       a request becomes a stream: it is admitted, and answered for the first time
places        how many streams there may be
subscription  a subscription is the query of the same fields
hub           executes each distinct query once after a change, for all who listen to it
live_query    a query that is listened to, and its newest answer
events        how answers are written: graphql-sse's "distinct connections mode"
stream        the HTTP response: sends one listener the newest answer, until something ends it
"""
