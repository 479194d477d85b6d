/** Escalation, `Assess the alert`: reads the alert and names the state that is next. It changes nothing. */
import { z } from 'zod';
import type { Assessment } from './alert/assess.ts';
import { AssessInput } from './alert/workflow-inputs.ts';
import { environment } from './runtime/environment.ts';
import { assessNow } from './use-cases/assess-now.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});

export async function handler(event: unknown): Promise<Assessment> {
  const now = new Date().toISOString();
  return assessNow(settings(), AssessInput.parse(event), now);
}
