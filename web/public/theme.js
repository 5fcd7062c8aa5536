// Before anything is drawn: a theme chosen by hand, which shell is drawn (index.html), and what the screen at hand needs besides the app,
// which the build writes down here.
{
  const root = document.documentElement;
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  root.dataset.shell = !localStorage.getItem('user') ? 'out' : /^\/train\/[^/]+$/.test(location.pathname) ? 'train' : 'in';
  const needed = { /* needed */ };
  for (const href of needed[root.dataset.shell] ?? []) {
    const link = document.createElement('link');
    const script = href.endsWith('.js');
    Object.assign(link, { href, rel: script ? 'modulepreload' : 'preload', crossOrigin: '' }, script ? {} : { as: 'style' });
    document.head.append(link);
  }
}
