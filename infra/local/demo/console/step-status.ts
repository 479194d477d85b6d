/** How a step stands, in words and in the style sheet's classes. */
import { html } from '../../../../handlers/web/html.ts';
import type { StepStatus } from './steps.ts';

export const classOf: Record<StepStatus, string> = {
  succeeded: 'ok',
  timedOut: 'went-on',
  caught: 'caught',
  current: 'current',
  failed: 'bad',
  aborted: 'stopped',
};

export const wordOf: Record<StepStatus, string> = {
  succeeded: 'succeeded',
  timedOut: 'timed out, moved on',
  caught: 'failed, error handled',
  current: 'in progress',
  failed: 'failed',
  aborted: 'stopped',
};

/** What the colours of the picture mean. */
export const key = html`<p class="key">${Object.entries(wordOf).map(
  ([status, word]) => html`<span class="tag ${classOf[status as StepStatus]}">${word}</span>`,
)}<span class="tag">not reached</span></p>`;
