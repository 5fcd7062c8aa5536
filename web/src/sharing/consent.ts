/** A consent's text (Markdown of headings, paragraphs and lists) as parts to be shown. */
export interface Part {
  kind: 'heading' | 'text' | 'list';
  lines: string[];
}

/** What stands before the sections of the scopes, and after them. Those sections are shown with the boxes to tick. */
export function partsOf(text: string): { before: Part[]; after: Part[] } {
  const [opening = '', ...sections] = text.split(/^## /m);
  const after = sections.filter((section) => !/^\S+:\S+\n/.test(section)).map((section) => `## ${section}`);
  return { before: parse(opening.replace(/^# .*\n/, '')), after: parse(after.join('\n')) };
}

/** The parts of a text; what it is called in its first line is left to the screen. */
export function parse(text: string): Part[] {
  return text
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter(Boolean)
    .flatMap((block) => {
      const [first = '', ...rest] = block.split('\n');
      if (!first.startsWith('#')) return [part(block)];
      const heading: Part = { kind: 'heading', lines: [first.replace(/^#+ /, '')] };
      return rest.length ? [heading, part(rest.join('\n'))] : [heading];
    });
}

const joined = (block: string): string => block.split('\n').map((line) => line.trim()).join(' ');

function part(block: string): Part {
  if (!block.startsWith('- ')) return { kind: 'text', lines: [joined(block)] };
  return { kind: 'list', lines: block.split(/^- /m).filter(Boolean).map((line) => joined(line).trim()) };
}
