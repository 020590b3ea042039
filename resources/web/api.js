// The host's own description of its HTTP API, as a page: no file of it comes from anywhere else.

const METHODS = ["get", "post", "put", "patch", "delete", "head"];

async function show() {
  const state = document.querySelector("#state");
  const reply = await fetch("/api/openapi.json");
  if (!reply.ok) {
    state.textContent = "The description cannot be read. Reload this page.";
    return;
  }
  const api = await reply.json();
  const list = document.querySelector("#operations");
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS) if (item[method]) list.append(operation(api, method, path, item[method]));
  }
  state.textContent = `${list.children.length} requests.`;
}

function operation(api, method, path, told) {
  const details = document.createElement("details");
  const summary = details.appendChild(document.createElement("summary"));
  const verb = summary.appendChild(document.createElement("b"));
  verb.textContent = method.toUpperCase();
  summary.append(path);
  if (told.description) details.appendChild(document.createElement("p")).textContent = told.description;
  for (const parameter of told.parameters ?? []) {
    const line = `${parameter.in}: ${parameter.name}${parameter.required ? "" : " (optional)"}`;
    details.appendChild(document.createElement("p")).textContent = line;
  }
  const body = told.requestBody?.content?.["application/json"]?.schema;
  if (body) shape(details, "Request", api, body);
  for (const [status, answer] of Object.entries(told.responses ?? {})) {
    const schema = answer.content?.["application/json"]?.schema;
    if (schema && status.startsWith("2")) shape(details, `Answer ${status}`, api, schema);
  }
  return details;
}

function shape(to, title, api, schema) {
  to.appendChild(document.createElement("h3")).textContent = title;
  to.appendChild(document.createElement("pre")).textContent = JSON.stringify(resolved(api, schema, 3), null, 2);
}

function resolved(api, schema, depth) {
  if (Array.isArray(schema)) return schema.map((each) => resolved(api, each, depth));
  if (typeof schema !== "object" || schema === null) return schema;
  if (schema.$ref && depth > 0) return resolved(api, api.components.schemas[schema.$ref.split("/").pop()], depth - 1);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolved(api, value, depth)]));
}

show();
