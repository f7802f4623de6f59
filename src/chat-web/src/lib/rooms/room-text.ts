export function memberCountText(count: number): string {
  return count === 1 ? '1 member' : `${count.toLocaleString()} members`;
}

const roleNames: Readonly<Record<string, string>> = { OWNER: 'Owner', ADMIN: 'Admin', MODERATOR: 'Moderator' };

/** Null for ordinary members and for roles that this client does not know. */
export function roleName(role: string): string | null {
  return roleNames[role] ?? null;
}
