/** Processor time of VS Code's processes, by what they are for. Linux: read from /proc. */
import fs from 'node:fs';

export const ROLES = ['extension host', 'page', 'compositor', 'browser', 'server', 'other'] as const;
export type Role = (typeof ROLES)[number];
/** Seconds, or shares of a core. */
export type ByRole = Readonly<Record<Role, number>>;

/** What /proc counts in: all of Linux has had 100 a second for user space since 2.6. */
const TICKS_A_SECOND = 100;

/** Shares of a core that the descendants of this process took while `seconds` went by. */
export async function sharesOver(seconds: number): Promise<ByRole> {
  const before = times();
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = times();
  const elapsed = (performance.now() - began) / 1000;
  const shares = Object.fromEntries(ROLES.map((role) => [role, 0])) as Record<Role, number>;
  for (const [key, { role, taken }] of after) shares[role] += (taken - (before.get(key)?.taken ?? 0)) / elapsed;
  return shares;
}

/** Seconds of processor time since each process began; a process is its id and its beginning. */
function times(): ReadonlyMap<string, { role: Role; taken: number }> {
  const all = new Map<number, { parent: number; key: string; taken: number }>();
  for (const entry of fs.readdirSync('/proc')) {
    const id = Number(entry);
    const stat = Number.isInteger(id) ? read(`/proc/${entry}/stat`) : undefined;
    if (stat === undefined) continue;
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system, start] = [fields[1], fields[11], fields[12], fields[19]].map(Number);
    const taken = (user! + system!) / TICKS_A_SECOND;
    all.set(id, { parent: parent!, key: `${entry} ${String(start)}`, taken });
  }
  const descends = (id: number): boolean => {
    for (let at = all.get(id); at !== undefined; at = all.get(at.parent)) if (at.parent === process.pid) return true;
    return false;
  };
  const found = new Map<string, { role: Role; taken: number }>();
  for (const [id, { key, taken }] of all) {
    if (descends(id)) found.set(key, { role: roleOf(read(`/proc/${String(id)}/cmdline`) ?? ''), taken });
  }
  return found;
}

function roleOf(command: string): Role {
  if (command.includes('--type=extensionHost')) return 'extension host';
  if (command.includes('--type=renderer')) return 'page';
  if (command.includes('--type=gpu-process')) return 'compositor';
  if (command.includes('chrom')) return 'browser';
  return command.includes('code-server') ? 'server' : 'other';
}

/** Undefined for a process that has ended meanwhile. */
function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
