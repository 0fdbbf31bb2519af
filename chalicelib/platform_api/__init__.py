"""The platforms' APIs: the one way in which Zuständig speaks to a platform. The worker's, never `accept`'s.

    apis = connect()                                               # or connect(settings.api_urls)
    apis.get("linkedin", Ask(("rest", "posts", urn), headers={"LinkedIn-Version": "202510"}), token) → JSON
    apis.get("youtube", Ask(("commentThreads",), {"part": "snippet"}), api_key, before=count) → JSON
    apis.send("POST", "websub", Ask(("subscribe",)), form={"hub.mode": "subscribe"}) → None (or JSON)
    apis.send("PUT", "linkedin", Ask(("rest", "eventSubscriptions", restli.escaped(…))), token, json={…})
    with apis.within(10): …                                        # all calls inside end within 10 seconds

Names: meta, instagram, threads, x, linkedin, youtube, websub (`addresses.py` holds their hosts).

An answer is JSON or one of three errors; none of them, nor a log, holds a token or what people wrote:

    ApiRefused    for good: `status`, and `reason` in the platform's own word (190, commentsDisabled …)
    RateLimited   an Unavailable: the platform wants to be asked later; `reason` (quotaExceeded …)
    Unavailable   out of reach, too slow, broken: it may work the next time

Besides, PayloadError for an id that no address can hold, ConfigurationError for a token that no header can.

`get` is tried three times, with full jitter between, as long as its ten seconds last; `send` once, because it
changes something. Nobody else tries again.

addresses.py   which hosts there are, and how a question becomes an address there
network.py     sockets to checked public addresses only, and none beyond its time
transport.py   httpx over that network
exchange.py    one request, one answer
answers.py     what an answer means
client.py      questions and retries
"""

from chalicelib.platform_api.client import Clock, PlatformApis, connect

__all__ = ["Clock", "PlatformApis", "connect"]
