import type { ApiKey, Role, User } from "../../src/api/me";
import type { Schemas } from "../../src/api/client";
import { idOf } from "./cadences";
import { Refused } from "./refused";
import type { Answer } from "./routes";

const grants: Schemas["RoleList"]["grants"] = [{ grant: "figures.read", means: "See figures and reports" }, { grant: "cadences.read", means: "See cadences" }, { grant: "leads.import", means: "Import leads" }];
const token = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

/** Who and which programs may sign in at a stand-in. */
export class Access {
  private readonly users: User[];
  private readonly keys: ApiKey[];

  constructor(private readonly now: () => string) {
    this.users = [this.user(1, "Manager 1", "manager"), this.user(2, "Viewer 1", "viewer")];
    this.keys = [this.key("Nightly import", ["leads.import"])];
  }

  answer(method: string, kind: string, id: string, verb: string, body: string): Answer {
    if (kind === "roles") return [200, { roles: [], grants } satisfies Schemas["RoleList"]];
    if (method === "GET") return [200, { items: kind === "users" ? this.users : this.keys, next: null }];
    const said = (body ? JSON.parse(body) : {}) as { name: string; role: Role; grants: ApiKey["grants"] };
    if (kind === "keys" && method === "POST") {
      const made = this.key(said.name, said.grants);
      this.keys.push(made);
      return [201, { key: made, token: `ck_${token}` } satisfies Schemas["NewKey"]];
    }
    const key = kind === "keys" && method === "DELETE" && this.keys.find((k) => k.id === id);
    if (key) {
      key.revoked_at = this.now();
      return [204];
    }
    if (kind === "users" && method === "POST" && !id) this.users.push(this.user(this.users.length + 1, said.name, said.role, true));
    const user = id ? this.users.find((u) => u.id === id) : this.users.at(-1);
    if (!user || kind === "keys") throw new Refused(404, "not_found", "There is no such user or key here.");
    if (method === "PATCH") return [200, Object.assign(user, said)];
    return [verb === "link" ? 200 : 201, { user, token, path: `/welcome#token=${token}` } satisfies Schemas["UserLink"]];
  }

  private user(n: number, name: string, role: Role, invited = false): User {
    return { id: idOf("us", n), name, email: `user${n}@example.test`, role, grants: [], disabled: false, invited, link_until: invited ? this.now() : null, created_at: this.now(), signed_in_at: invited ? null : this.now() };
  }

  private key(name: string, held: ApiKey["grants"]): ApiKey {
    return { id: idOf("ky", (this.keys?.length ?? 0) + 1), name, grants: held, created_by: "Manager 1", created_at: this.now(), expires_at: null, seen_at: null, revoked_at: null };
  }
}
