/** A comma-separated file as rows of cells (RFC 4180); undefined for a quote that is never closed. */
export function rowsOf(text: string): string[][] | undefined {
  const rows: string[][] = [];
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false];
  const endRow = () => {
    row.push(cell);
    // An empty line is no row.
    if (row.length > 1 || cell !== '') rows.push(row);
    [row, cell] = [[], ''];
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!;
    if (quoted && char === '"' && text[index + 1] === '"') cell += text[index += 1]!;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ',') [row, cell] = [[...row, cell], ''];
    else if (!quoted && char === '\n') endRow();
    else if (quoted || char !== '\r') cell += char;
  }
  if (quoted) return undefined;
  endRow();
  return rows;
}
