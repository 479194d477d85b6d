/** What goes wrong on purpose: services that are down for a while. */
import { AwsError } from './service.ts';

export type Faults = {
  /** Every call to the service fails with a 5xx from now on, until the returned function is called. */
  outage(service: string): () => void;
  /** Throws what the call meets. */
  beforeCall(service: string): void;
};

export function faults(): Faults {
  const down: string[] = [];
  return {
    outage(service) {
      down.push(service);
      return () => {
        const index = down.indexOf(service);
        if (index >= 0) down.splice(index, 1);
      };
    },
    beforeCall(service) {
      if (down.includes(service)) throw new AwsError('ServiceUnavailable', `${service} is down`);
    },
  };
}
