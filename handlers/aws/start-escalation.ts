/** Starts the execution that a claim promises. */
import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Claim } from '../alert/alert.ts';
import { escalationInput } from '../reading/claim-reading.ts';
import { stepFunctions } from './clients.ts';

/** Under the name that the claim keeps; that it is already there is fine. Throws when it is not certain to have begun. */
export async function startEscalation(escalationArn: string, claim: Claim): Promise<void> {
  try {
    await stepFunctions().send(
      new StartExecutionCommand({
        stateMachineArn: escalationArn,
        name: claim.executionName,
        input: JSON.stringify(escalationInput(claim)),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}
