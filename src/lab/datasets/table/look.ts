/** A look at the beginning of a table, for whoever writes a model file about it. */
import type { TableLook } from '../../../protocol/dataLook';
import { fileAt } from '../own/place';
import { MISSING_TEXTS } from './columns';
import { lookAtColumns, nameColumns } from './kinds';
import { formOf } from './records';
import { emptyTable, sampleOf } from './readTable';

/** @throws LabError DATA_MISSING, DATA_CORRUPT for what is no table */
export function lookAtTable(file: string): TableLook {
  const place = fileAt(file);
  const form = formOf(place, {});
  const { pieces, ended } = sampleOf(place, form);
  const [first, ...rows] = pieces.flatMap((piece) => piece.rows);
  if (first === undefined) throw emptyTable(place);
  const names = nameColumns(first, true);
  const fitting = rows.filter((row) => row.length === names.length);
  const missing = new Set(['', ...MISSING_TEXTS]);
  return { columns: lookAtColumns(names, fitting, form.separator, missing), rows: fitting.length, whole: ended };
}
