"""An alarm for Python in a browser, where no system has one.

Pyodide's interpreter looks every few steps into its interrupt buffer, where another thread may have put a signal's
number. Ours is no memory but an object that looks at the clock, so it needs no thread and no special headers. One long
call into C is not ended before it returns.
"""

import functools
import signal
from typing import Any

_SOURCE = """(() => {
  const clock = {alarm: Infinity, cell: Infinity, set 0(value) {}, get 0() {
    const now = performance.now();
    if (now > clock.alarm) { clock.alarm = now + 1000; return ALARM; }
    if (now > clock.cell) { clock.cell = now + 1000; return INTERRUPT; }
    return 0;
  }};
  const after = seconds => seconds > 0 ? performance.now() + 1000 * seconds : Infinity;
  clock.ring = seconds => { clock.alarm = after(seconds); };
  clock.left = () => Math.max((clock.alarm - performance.now()) / 1000, 0.001);
  clock.limit = seconds => { clock.cell = after(seconds); };
  return clock;
})()"""


@functools.cache
def clock() -> Any:
    """The page's one clock: `ring(seconds)` sends SIGALRM, `limit(seconds)` SIGINT, again each second; 0 takes it back.

    `left()` tells the seconds until SIGALRM, infinity if none is to come.
    """
    import pyodide_js
    from pyodide.code import run_js

    numbers = {"ALARM": int(signal.SIGALRM), "INTERRUPT": int(signal.SIGINT)}
    source = _SOURCE
    for name, number in numbers.items():
        source = source.replace(name, str(number))
    made = run_js(source)
    pyodide_js.setInterruptBuffer(made)
    return made
