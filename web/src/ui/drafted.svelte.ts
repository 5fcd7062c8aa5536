/** What stands in a form and is not saved: kept on the device while it is typed, so that closing the form, a reload or a flat battery loses none of it. */
import { formDraft, keepForm } from '../store/drafts';

type Fields = Record<string, unknown>;

export interface Drafted {
  /** Whether it was found on the device, from an earlier visit, and still says something else than what the form began with. */
  readonly found: boolean;
  /** The form stands as it begins; now what was kept of it is put back. */
  begin: () => Promise<void>;
  /** These fields were filled in by the form itself, not typed. */
  given: (...names: string[]) => void;
  /** The athlete gives up what was typed. */
  discard: () => void;
  /** It is saved: nothing is kept of it any more. */
  done: () => Promise<void>;
}

interface How<F extends Fields> {
  /** What stands in the form, field by field. */
  read: () => F;
  /** Puts all of it into the form. */
  put: (fields: F) => void;
  /** Whether something new is made: then all is kept as it stood. Of what is corrected only what was typed is, since the rest may change elsewhere. */
  isNew: boolean;
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/** For use while a component is set up. `key`: what is made or changed by the form. */
export function drafted<F extends Fields>(key: string, { read, put, isNew }: How<F>): Drafted {
  let began = $state.raw<F | null>(null);
  let resumed = $state(false);
  let over = false;
  let kept = false;

  const typed = (from: F): (keyof F)[] => {
    const now = read();
    return Object.keys(now).filter((name) => differs(now[name], from[name]));
  };
  const isTyped = $derived(began !== null && typed(began).length > 0);

  $effect(() => {
    if (!began || over) return;
    const names = typed(began);
    if (!names.length && !kept) return;
    kept = names.length > 0;
    const now = read();
    void keepForm(key, kept ? (isNew ? now : Object.fromEntries(names.map((name) => [name, now[name]]))) : null);
  });

  return {
    get found() {
      return resumed && isTyped;
    },
    begin: async () => {
      const first = read();
      const found = (await formDraft(key)) as Partial<F> | null;
      if (found) put({ ...first, ...found });
      kept = resumed = found !== null;
      began = first;
    },
    given: (...names) => {
      if (!began) return;
      const now = read();
      began = { ...began, ...Object.fromEntries(names.map((name) => [name, now[name]])) };
    },
    discard: () => began && put(began),
    done: async () => {
      over = true;
      await keepForm(key, null);
    },
  };
}
