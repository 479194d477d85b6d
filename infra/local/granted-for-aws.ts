/** Permissions that AWS needs and no call on this machine asks for, each with the reason and the page that says so. */
export const grantedForAws: readonly {
  actions: readonly string[];
  /** The service that assumes the role. */
  roleOf: string;
  reason: string;
  page: string;
}[] = [
];
