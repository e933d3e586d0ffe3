/**
 * Writes shared/api.d.ts from the OpenAPI document. Without an argument it asks the sources (`manage.py spectacular`);
 * `npm run types -- http://localhost:8000/api/schema/` asks a running server.
 */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

const here = dirname(fileURLToPath(import.meta.url));
const [address] = process.argv.slice(2);

function fromSources() {
  const own = join(process.env.VIRTUAL_ENV ?? join(here, "../.venv"), "bin/python");
  const python = existsSync(own) ? own : "python3";
  return JSON.parse(execFileSync(python, ["manage.py", "spectacular", "--format", "openapi-json"], { cwd: join(here, ".."), stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 26 }));
}

const types = await openapiTS(address ? new URL(address) : fromSources(), { alphabetize: true });
writeFileSync(join(here, "shared/api.d.ts"), `// Made by \`npm run types\` from the OpenAPI document. Do not edit.\n${astToString(types)}`);
