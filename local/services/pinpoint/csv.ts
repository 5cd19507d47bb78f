/** A comma-separated file as rows of cells (RFC 4180); undefined for a quote that is never closed. Cells are cut out whole, since files are large. */
export function rowsOf(text: string): string[][] | undefined {
  const special = /[",\r\n]/g;
  const rows: string[][] = [];
  let [row, cell, quoted, start]: [string[], string, boolean, number] = [[], '', false, 0];
  const take = (end: number, next: number) => {
    cell += text.slice(start, end);
    special.lastIndex = start = next;
  };
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    // An empty line is no row.
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let found = special.exec(text); found; found = special.exec(text)) {
    const [{ index }, [char]] = [found, found];
    if (quoted && char !== '"') continue;
    // A quote that is doubled is one of the cell.
    const isDoubled = quoted && text[index + 1] === '"';
    take(isDoubled ? index + 1 : index, isDoubled ? index + 2 : index + 1);
    if (char === '"' && !isDoubled) quoted = !quoted;
    else if (char === ',') endCell();
    else if (char === '\n') endRow();
  }
  if (quoted) return undefined;
  take(text.length, text.length);
  endRow();
  return rows;
}
