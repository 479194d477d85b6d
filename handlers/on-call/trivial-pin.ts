/** PINs that nobody may have: what people and guessers try first. */

/** Three keys of a telephone's pad in a row, a column or a diagonal. */
const KEYPAD_LINES = ['123', '456', '789', '147', '258', '369', '159', '357'];

/**
 * True for some 5,000 of the million PINs of six digits: at most two different digits (121212), equal steps (123456, 975319),
 * a half repeated or mirrored (123123, 123321), doubled digits (112233), two straight lines on the keypad (147258). Dates
 * are not among them: they are every eleventh PIN, and PINs are drawn, not chosen.
 */
export function isTrivialPin(pin: string): boolean {
  const digits = [...pin].map(Number);
  const [first, second] = [pin.slice(0, 3), pin.slice(3)];
  return (
    new Set(digits).size <= 2 ||
    new Set(digits.slice(1).map((digit, index) => (digit - (digits[index] as number) + 10) % 10)).size ===
      1 ||
    first === second ||
    first === reversed(second) ||
    /^(\d)\1(\d)\2(\d)\3$/.test(pin) ||
    (isLine(first) && isLine(second))
  );
}

function isLine(keys: string): boolean {
  return KEYPAD_LINES.includes(keys) || KEYPAD_LINES.includes(reversed(keys));
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
