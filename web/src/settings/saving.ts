/** Hands a file made here to the browser to be saved. */
export function save(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // Saving begins a moment after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
