import { api, type Problem } from '../api/client';
import type { components } from '../api/schema';
import { endForgetting, forgetDevice, openStore } from './db';
import { endLeft, isLeft, keepEnding, leave, LEFT } from './leaving';

export type User = components['schemas']['User'];

const KEY = 'user';
const RENEW_AFTER_MS = 86_400_000;
const RENEWED = 'renewed';
const PATIENCE_MS = 3_000;

/** Who is signed in on this device. Known without the server, so that the app opens in a basement. */
class Account {
  user = $state<User | null>(read());

  constructor() {
    // The page went away while somebody signed out.
    if (this.user && isLeft()) void this.#forget();
    else void endForgetting();
    keepEnding();
    // The cookie is that of all tabs: where one signs out or another athlete in, the others follow.
    window.addEventListener('storage', (event) => {
      if (event.key !== KEY && event.key !== null) return;
      const user = read();
      if (user) openStore(user.id);
      this.user = user;
      this.signedOut = false;
      // What is left of a deleted account went with it in the other tab; whoever is signed in now is somebody else.
      if (this.gone === true) this.gone = null;
    });
  }

  get zone(): string {
    return this.user?.time_zone ?? 'UTC';
  }

  async signIn(email: string, password: string): Promise<Problem | null> {
    const { data, error } = await api.POST('/api/v1/auth/login', { body: { email, password } });
    if (data) await this.#enter(data.user);
    return (error as Problem | undefined) ?? null;
  }

  async register(body: components['schemas']['Register']): Promise<Problem | null> {
    const { data, error } = await api.POST('/api/v1/auth/register', { body });
    if (data) await this.#enter(data.user);
    return (error as Problem | undefined) ?? null;
  }

  /** Ends the login here; what this device holds of the athlete goes with it. Where the server does not answer, it is told later. */
  async signOut(): Promise<void> {
    leave();
    await Promise.race([endLeft().catch(() => undefined), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
    await this.#forget();
    keepEnding();
  }

  /** The account was deleted: the receipt, if it was done here and just now. What waits on this device can still be taken along. */
  gone = $state.raw<components['schemas']['Receipt'] | true | null>(null);

  /** Forgets an account that is no more. */
  async leave(receipt: components['schemas']['Receipt'] | null): Promise<void> {
    this.gone = receipt;
    await this.#forget();
  }

  async #forget(): Promise<void> {
    const user = this.user;
    this.user = null;
    forgetHabits();
    if (user) await forgetDevice(user.id);
  }

  /** The server no longer knows this login: what is on the device stays, and waits for signing in again. */
  signedOut = $state(false);

  /** Once a day the cookie and the profile are made fresh. */
  async renew(): Promise<void> {
    if (!this.user || Date.now() - Number(localStorage.getItem(RENEWED)) < RENEW_AFTER_MS) return;
    const { data, response } = await api.POST('/api/v1/auth/renew').catch(() => ({ data: undefined, response: undefined }));
    if (response?.status === 401 || (data && (data as User).id !== this.user?.id)) this.signedOut = true;
    else if (data) {
      this.update(data as User);
      localStorage.setItem(RENEWED, String(Date.now()));
    }
  }

  update(user: User): void {
    this.user = user;
    localStorage.setItem(KEY, JSON.stringify(user));
  }

  async #enter(user: User): Promise<void> {
    openStore(user.id);
    this.signedOut = false;
    localStorage.setItem(RENEWED, String(Date.now()));
    this.update(user);
  }
}

/** What else the browser keeps of an athlete (units, formulas, views) is nothing for the next one on the device; how it looks is the device's, and so is a login still to be ended. */
function forgetHabits(): void {
  const kept = ['theme', LEFT].map((name) => [name, localStorage.getItem(name)] as const);
  localStorage.clear();
  for (const [name, value] of kept) if (value !== null) localStorage.setItem(name, value);
}

function read(): User | null {
  const kept = localStorage.getItem(KEY);
  return kept ? (JSON.parse(kept) as User) : null;
}

export const account = new Account();
