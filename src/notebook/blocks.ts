/**
 * Where the blocks of a Markdown text begin and end, line by line, as CommonMark says: enough of it to know which
 * fences stand at the top level, outside lists, block quotes, HTML, comments and other fences. Inlines are not read.
 * markdown-it, which VS Code renders with, is the tests' oracle; of 200,000 generated texts two differ, in which it
 * ends a paragraph that CommonMark continues.
 */
import { isBlank } from './lines';

/**
 * What a line is to the top level:
 * - `blank`, `begins` a block, begins a `heading`, or `continues` the block before it;
 * - `underline`: makes a heading of the paragraph before it;
 * - `opens` a fence, is `inside` it, or `closes` it.
 */
export type Role = 'blank' | 'begins' | 'heading' | 'continues' | 'underline' | 'opens' | 'inside' | 'closes';

interface Quote {
  readonly kind: 'quote';
}
interface Item {
  readonly kind: 'item';
  /** Columns from where the line's rest begins to the item's content. */
  readonly offset: number;
  /** Nothing has stood in it yet: a blank line ends it. */
  empty: boolean;
}
interface Fence {
  readonly kind: 'fence';
  readonly marker: string;
}
interface Html {
  readonly kind: 'html';
  /** What ends it; undefined: a blank line. */
  readonly end: RegExp | undefined;
  /** What can be written to end it. */
  readonly closer: string | undefined;
}
type Leaf = Fence | Html | { readonly kind: 'none' | 'paragraph' | 'indented' };

const NONE: Leaf = { kind: 'none' };
const PARAGRAPH: Leaf = { kind: 'paragraph' };
const INDENTED: Leaf = { kind: 'indented' };

/** As markdown-it: what nests deeper is text. Keeps a line of a million `>` from costing a million at each line. */
const DEEPEST = 100;

const FENCE = /`{3,}|~{3,}/y;
const HEADING = /#{1,6}(?:[ \t]|$)/y;
const ITEM = /(?:[*+-]|(\d{1,9})[.)])(?=[ \t]|$)/y;

const TAG_NAMES =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|' +
  'track|ul';

/** The kinds of HTML blocks by how they begin, and what ends each; without an end, a blank line does. */
const HTML: readonly { readonly start: RegExp; readonly end?: RegExp; readonly closer?: (start: string) => string }[] =
  [
    {
      start: /<(?:script|pre|style|textarea)(?=\s|>|$)/iy,
      end: /<\/(?:script|pre|style|textarea)>/i,
      closer: (start) => `</${start.slice(1).toLowerCase()}>`,
    },
    { start: /<!--/y, end: /-->/, closer: () => '-->' },
    { start: /<\?/y, end: /\?>/, closer: () => '?>' },
    { start: /<![A-Z]/y, end: />/, closer: () => '>' },
    { start: /<!\[CDATA\[/y, end: /\]\]>/, closer: () => ']]>' },
    { start: new RegExp(`</?(?:${TAG_NAMES})(?=\\s|/?>|$)`, 'iy') },
  ];

export class BlockScanner {
  private readonly containers: (Quote | Item)[] = [];
  private leaf: Leaf = NONE;
  /** Of the list that is the last block of the top level: "-", ".". */
  private list: string | undefined;

  // The line that is being read: how far, and at which column (tabs go to the next multiple of four).
  private line = '';
  private at = 0;
  private column = 0;
  /** The next character that is no space or tab. */
  private next = 0;
  private nextColumn = 0;

  /** Takes one line, without its end. */
  read(line: string): Role {
    if (line === '' && this.leaf === NONE && this.containers.length === 0) return 'blank';
    this.line = line;
    this.at = 0;
    this.column = 0;
    const matched = this.matchContainers();
    this.look();
    const all = matched === this.containers.length;
    if (all && (this.leaf.kind === 'fence' || this.leaf.kind === 'html')) return this.verbatim(this.leaf);
    if (this.blank) {
      this.closeAfter(matched);
      if (this.leaf.kind !== 'indented') this.leaf = NONE;
      return 'blank';
    }
    // A paragraph may go on in a line that lacks the marks of its containers.
    if (!all && this.leaf.kind !== 'paragraph') this.closeAfter(matched);
    if (this.leaf.kind === 'indented') {
      if (this.indent >= 4) return 'continues';
      this.leaf = NONE;
    }
    return this.startBlocks(matched);
  }

  /** What a line of its own has to say before anything else can begin; undefined where a blank line is enough. */
  get closer(): string | undefined {
    if (this.containers.length > 0) return undefined;
    if (this.leaf.kind === 'fence') return this.leaf.marker;
    return this.leaf.kind === 'html' ? this.leaf.closer : undefined;
  }

  /** How many of the open containers this line has the marks of; reads past them. */
  private matchContainers(): number {
    for (const [index, container] of this.containers.entries()) {
      this.look();
      if (container.kind === 'quote') {
        // However far it is indented, as markdown-it has it.
        if (this.blank || this.line[this.next] !== '>') return index;
        this.passQuote();
      } else if (this.blank) {
        if (container.empty) return index;
      } else {
        if (this.indent < container.offset) return index;
        this.advance(container.offset);
      }
    }
    return this.containers.length;
  }

  private verbatim(leaf: Fence | Html): Role {
    const top = this.containers.length === 0;
    if (leaf.kind === 'fence') {
      const closes = this.indent <= 3 && this.closes(leaf.marker);
      if (closes) this.leaf = NONE;
      if (!top) return 'continues';
      return closes ? 'closes' : 'inside';
    }
    if (leaf.end === undefined ? this.blank : leaf.end.test(this.line.slice(this.at))) this.leaf = NONE;
    return this.blank ? 'blank' : 'continues';
  }

  private closes(marker: string): boolean {
    const [character = ''] = marker;
    const end = this.after(character, this.next);
    return end - this.next >= marker.length && isBlank(this.line.slice(end));
  }

  /** Opens whatever begins on the rest of the line, one in the other, as far as a leaf. */
  private startBlocks(matched: number): Role {
    /** Of the outermost block that begins here. */
    let role: Role | undefined;
    const begin = (of: Role): void => {
      if (role !== undefined) return;
      role = matched > 0 ? 'continues' : of;
      this.closeAfter(matched);
      this.leaf = NONE;
      if (matched === 0) this.list = undefined;
    };
    const leaf = (kind: Leaf, of: Role = 'begins'): Role => {
      begin(of);
      this.fill();
      this.leaf = kind;
      return role ?? 'begins';
    };

    for (;;) {
      this.look();
      /** Open so far, and whether this line has the marks of its containers. */
      const paragraph = this.leaf.kind === 'paragraph';
      const own = paragraph && matched === this.containers.length;
      if (this.indent > 3) {
        if (!paragraph && !this.blank) return leaf(INDENTED);
        break;
      }
      if (this.blank) break;
      const deep = this.containers.length >= DEEPEST;
      const character = this.line[this.next] ?? '';
      if (character === '>' && !deep) {
        begin('begins');
        this.push({ kind: 'quote' });
        this.passQuote();
        continue;
      }
      if (character === '#' && this.match(HEADING) !== undefined) return leaf(NONE, 'heading');
      const fence = character === '`' || character === '~' ? this.match(FENCE)?.[0] : undefined;
      if (fence !== undefined && !(fence.startsWith('`') && this.line.includes('`', this.next + fence.length)))
        return leaf({ kind: 'fence', marker: fence }, 'opens');
      const html = character === '<' ? this.html(paragraph) : undefined;
      if (html !== undefined) return leaf(html);
      if (own && this.isUnderline()) return leaf(NONE, 'underline');
      if (this.isBreak()) return leaf(NONE);
      const item = !deep && /[-+*\d]/.test(character) ? this.item(own) : undefined;
      if (item === undefined) break;
      const goesOn = matched === 0 && role === undefined && this.list === item.marker;
      begin(goesOn ? 'continues' : 'begins');
      if (this.containers.length === 0) this.list = item.marker;
      this.push(item.container);
    }

    if (role === undefined && this.leaf.kind === 'paragraph') return 'continues';
    if (this.blank) return role ?? 'blank';
    return leaf(PARAGRAPH);
  }

  private html(inParagraph: boolean): Leaf | undefined {
    for (const { start, end, closer } of HTML) {
      const [tag] = this.match(start) ?? [];
      if (tag === undefined) continue;
      if (end?.test(this.line.slice(this.next)) === true) return NONE;
      return { kind: 'html', end, closer: closer?.(tag) };
    }
    // Any whole tag alone on its line, which does not interrupt a paragraph.
    return !inParagraph && isWholeTag(this.line.slice(this.next).trimEnd())
      ? { kind: 'html', end: undefined, closer: undefined }
      : undefined;
  }

  private isUnderline(): boolean {
    const character = this.line[this.next] ?? '';
    return (character === '=' || character === '-') && isBlank(this.line.slice(this.after(character, this.next)));
  }

  private isBreak(): boolean {
    const character = this.line[this.next] ?? '';
    if (character !== '*' && character !== '_' && character !== '-') return false;
    let count = 0;
    for (let at = this.next; at < this.line.length; at++) {
      const found = this.line[at];
      if (found === character) count++;
      else if (found !== ' ' && found !== '\t') return false;
    }
    return count >= 3;
  }

  /** Reads past the marker. */
  private item(interrupts: boolean): { readonly container: Item; readonly marker: string } | undefined {
    const [marker, number] = this.match(ITEM) ?? [];
    if (marker === undefined) return undefined;
    const empty = isBlank(this.line.slice(this.next + marker.length));
    if (interrupts && (empty || (number !== undefined && Number(number) !== 1))) return undefined;
    const indent = this.indent;
    this.at = this.next + marker.length;
    this.column = this.nextColumn + marker.length;
    this.look();
    const spaces = empty || this.indent > 4 ? 1 : this.indent;
    this.advance(spaces);
    return { container: { kind: 'item', offset: indent + marker.length + spaces, empty }, marker: marker.slice(-1) };
  }

  private passQuote(): void {
    this.at = this.next + 1;
    this.column = this.nextColumn + 1;
    this.advance(1);
  }

  private push(container: Quote | Item): void {
    this.fill();
    this.containers.push(container);
  }

  /** The innermost container has something in it. */
  private fill(): void {
    const tip = this.containers.at(-1);
    if (tip?.kind === 'item') tip.empty = false;
  }

  private closeAfter(matched: number): void {
    if (matched === this.containers.length) return;
    this.containers.length = matched;
    this.leaf = NONE;
  }

  private get indent(): number {
    return this.nextColumn - this.column;
  }

  private get blank(): boolean {
    return this.next >= this.line.length;
  }

  private look(): void {
    this.next = this.at;
    this.nextColumn = this.column;
    for (; this.next < this.line.length; this.next++) {
      const character = this.line[this.next];
      if (character === ' ') this.nextColumn++;
      else if (character === '\t') this.nextColumn += 4 - (this.nextColumn % 4);
      else return;
    }
  }

  /** Over spaces and tabs, of which a part may be taken, by columns. */
  private advance(columns: number): void {
    const goal = this.column + columns;
    while (this.column < goal) {
      const character = this.line[this.at];
      if (character === ' ') this.column++;
      else if (character === '\t') {
        const stop = this.column + 4 - (this.column % 4);
        if (stop > goal) {
          this.column = goal;
          return;
        }
        this.column = stop;
      } else return;
      this.at++;
    }
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.next;
    return pattern.exec(this.line) ?? undefined;
  }

  /** The first place from `start` that has another character. */
  private after(character: string, start: number): number {
    let at = start;
    while (this.line[at] === character) at++;
    return at;
  }
}

const TAG_NAME = /<(\/?)[A-Za-z][A-Za-z0-9-]*/y;
const ATTRIBUTE = /\s+[a-zA-Z_:][a-zA-Z0-9:._-]*(?:\s*=\s*(?:[^"'=<>`\x00-\x20]+|'[^']*'|"[^"]*"))?/y;
const TAG_END = /\s*\/?>$/y;

/** Attribute by attribute: one pattern for all of them would need as much stack as the line is long. */
function isWholeTag(text: string): boolean {
  TAG_NAME.lastIndex = 0;
  const name = TAG_NAME.exec(text);
  if (name === null) return false;
  let at = name[0].length;
  if (name[1] === '/') return /^\s*>$/.test(text.slice(at));
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    if (!ATTRIBUTE.test(text)) break;
    at = ATTRIBUTE.lastIndex;
  }
  TAG_END.lastIndex = at;
  return TAG_END.test(text);
}
