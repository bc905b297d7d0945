// Prints what graphql-http's audits say of the server at the URL given: [{id, name, status, why}].
import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
const lines = results.map(({ id, name, status, reason }) => ({ id, name, status, why: reason }));
console.log(JSON.stringify(lines));
