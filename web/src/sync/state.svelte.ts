/** How the device stands with the server, in what the athlete needs to know of it. */
class SyncState {
  /** Writes that the server does not have yet. */
  waiting = $state(0);
  /** Writes that the server refused, or that clash with another device's: the athlete decides. */
  attention = $state(0);
  running = $state(false);
  /** Whether the server could be reached the last time. */
  reachable = $state(true);
  /** Whether it is known what is on the device: it is read as the app starts. */
  known = $state(false);
  /** Whether the athlete's newest rows have been here at least once: enough to show what is due and under way. */
  begun = $state(false);
  /** Whether all of the athlete's rows have been here at least once: before, nothing that counts or compares is true. */
  complete = $state(false);
  /** What has come so far of the first time, as a share from 0 to 1. */
  share = $state(0);
}

export const sync = new SyncState();
