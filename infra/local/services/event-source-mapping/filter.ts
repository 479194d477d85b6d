/**
 * Which records an event source mapping passes on.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
import type { Payload } from '../../engine/service.ts';

/** Nested objects of lists of values; numeric, prefix and other rules are refused. */
export function patternOf(text: string): Payload {
  const check = (part: Payload): void => {
    const choices = Array.isArray(part);
    for (const inner of Object.values(part))
      if (!choices && typeof inner === 'object' && inner !== null) check(inner);
      else if (!choices || typeof inner === 'object')
        throw new Error(`Only lists of values are modelled in filters, not ${text}`);
  };
  const pattern = JSON.parse(text);
  check(pattern);
  return pattern;
}

/** Whether the record holds one of the listed values wherever the pattern has a list. */
export function fits(pattern: Payload, value: Payload): boolean {
  if (Array.isArray(pattern)) return pattern.includes(value);
  return Object.entries(pattern).every(([name, inner]) => fits(inner, value?.[name]));
}
