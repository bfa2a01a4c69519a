import type { PackedColumns, RunMessage } from '../../protocol/output';
import type { Columns, HostToPanel } from '../../protocol/panel';

/** What the panel is told of a run, as it travels to an output, by VS Code or in a page: JSON makes objects of typed arrays. */
export function runMessage(message: HostToPanel): RunMessage {
  if (message.type !== 'points') return message;
  const { from, columns } = message;
  return { type: 'points', from, columns: columns.map(packed) };
}

function packed({ kind, length, step, epoch, time, values }: Columns): PackedColumns {
  const text = ({ buffer, byteOffset, byteLength }: Float64Array): string =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return {
    kind,
    length,
    step: text(step),
    epoch: text(epoch),
    time: text(time),
    values: Object.fromEntries(Object.entries(values).map(([name, column]) => [name, text(column)])),
  };
}
