/** The elements of a JSON list as they were sent, byte for byte: what cannot be read is kept as it came. */

/** `text` must be valid JSON and a list. A quote opens and closes a string, brackets nest, a comma at depth 1 parts two elements. */
export function elementsOf(text: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let inString = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      depth++;
      if (depth === 1) from = at + 1;
    } else if (character === ']' || character === '}') {
      depth--;
      if (depth === 0) elements.push(text.slice(from, at).trim());
    } else if (character === ',' && depth === 1) {
      elements.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return elements;
}
