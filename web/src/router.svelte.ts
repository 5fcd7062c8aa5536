/** Where in the app we are: the path of the address bar, without the app leaving it. */
class Router {
  path = $state(location.pathname);
  /** What is asked for there: the part of the address from the question mark on. */
  search = $state(location.search);

  constructor() {
    addEventListener('popstate', () => this.#arrive());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  /** Goes to a path of the app. `replace` leaves no way back to where we were. */
  go(path: string, { replace = false } = {}): void {
    if (path !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState']({}, '', path);
    this.#arrive();
    scrollTo(0, 0);
  }

  /** Says in the address what is looked at on this screen, so that coming back to it, or sending it to somebody, shows that. */
  note(search: string): void {
    history.replaceState(history.state, '', location.pathname + search);
    this.search = location.search;
  }

  #arrive(): void {
    [this.path, this.search] = [location.pathname, location.search];
  }

  back(fallback: string): void {
    if (history.length > 1) history.back();
    else this.go(fallback, { replace: true });
  }

  // Plain links, so that they can be copied and opened in a new tab; only a plain click stays in the app.
  #follow(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    // To a place on this page: the browser goes there by itself, and the focus with it.
    if (link.hash && link.pathname === location.pathname) return;
    if (link.origin !== location.origin || link.target || link.hasAttribute('download') || link.pathname.startsWith('/api')) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
