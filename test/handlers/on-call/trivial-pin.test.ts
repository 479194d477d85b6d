import { describe, expect, test } from 'vitest';
import { isTrivialPin } from '../../../handlers/on-call/trivial-pin.ts';

describe('nobody may have', () => {
  test.each([
    ['one digit', '000000'],
    ['two digits', '121121'],
    ['counting up', '123456'],
    ['counting down, past zero', '210987'],
    ['equal steps', '135791'],
    ['the same half twice', '407407'],
    ['a half and its mirror', '407704'],
    ['doubled digits', '112288'],
    ['two columns of the keypad', '147258'],
    ['a row and a row backwards', '789654'],
    ['two diagonals', '159753'],
  ])('%s', (_what, pin) => {
    expect(isTrivialPin(pin)).toBe(true);
  });
});

test.each(['204817', '123450', '112283', '147259', '190390'])('%s is as good as any', (pin) => {
  expect(isTrivialPin(pin)).toBe(false);
});
