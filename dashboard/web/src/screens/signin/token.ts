/** The token behind the # of the address, which no browser sends to a server; it is taken out of the address at once. */
export function tokenOf(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token) history.replaceState(history.state, "", location.pathname);
  return token;
}
