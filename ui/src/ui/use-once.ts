/** For what is loaded when it is first wanted. */
import { useState } from "react";

/** Stays true from the first time on, so that what opens can also be seen closing. */
export function useOnce(now: boolean): boolean {
  const [was, setWas] = useState(now);
  if (now && !was) setWas(true);
  return was || now;
}
