/** The time, for what is shown of it: it ticks while something looks at it. */
import { createSubscriber } from 'svelte/reactivity';

function ticking(milliseconds: number): () => number {
  const subscribe = createSubscriber((update) => {
    const timer = setInterval(update, milliseconds);
    // A phone that slept shows the right time at once.
    document.addEventListener('visibilitychange', update);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', update);
    };
  });
  return () => {
    subscribe();
    return Date.now();
  };
}

const second = ticking(1000);
const minute = ticking(60_000);

export const time = {
  get second(): number {
    return second();
  },
  get minute(): number {
    return minute();
  },
};
