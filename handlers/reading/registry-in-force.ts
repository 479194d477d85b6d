/** What of the roster a reading is read and judged by: that which was in force when it arrived, whoever asks, and when. */
import type { WardPolicies } from '../clinical/choose-policy.ts';
import type { DeviceRegistry } from './device-registry.ts';

type Registry = Omit<DeviceRegistry & Pick<WardPolicies, 'policies'>, 'wards'> & {
  readonly wards: readonly (DeviceRegistry['wards'][number] & WardPolicies['wards'][number])[];
  /** IANA; for times without an offset. */
  readonly zone: string;
};

/** `before`: what was in force before it, oldest first, each until (ISO 8601 UTC with milliseconds) the next one was. */
export type RegistryOverTime = Registry & {
  readonly before?: readonly (Registry & { readonly until: string })[] | undefined;
};

export function registryInForce(registry: RegistryOverTime, arrivedAt: string): Registry {
  return registry.before?.find(({ until }) => arrivedAt < until) ?? registry;
}
