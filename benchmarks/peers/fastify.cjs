// Fastify with better-sqlite3 on the event loop and fast-jwt. The last argument is the port.
'use strict'
const { createVerifier } = require('fast-jwt')
const Database = require('better-sqlite3')
const app = require('fastify')({ logger: false, ajv: { customOptions: { allErrors: true } } })

const REFUSALS = {
  NotFound: [404, 'There is no such connection request.'],
  Forbidden: [403, 'This is not your connection request.'],
  NotPending: [409, 'The connection request is not pending.'],
  Unauthorized: [401, 'The token is not valid.']
}

const verify = createVerifier({ key: process.env.BENCH_SECRET, algorithms: ['HS256'], allowedIss: 'benchmark', cache: false })
const db = new Database(process.env.BENCH_DATABASE)
for (const pragma of ['journal_mode=WAL', 'synchronous=FULL', 'busy_timeout=5000', 'foreign_keys=ON']) db.pragma(pragma)

const getRequest = db.prepare('SELECT sender_id, recipient_id, status FROM connection_request WHERE id = ?')
const markResent = db.prepare('UPDATE connection_request SET resent_at = ?, resend_count = resend_count + 1 WHERE id = ?')
const queueLetter = db.prepare(
  "INSERT INTO email_outbox (request_id, recipient_id, kind, created_at, state) VALUES (?, ?, 'resend', ?, 'queued')"
)
const getReceived = db.prepare(`
  SELECT r.id, r.recipient_id, r.status, r.message, r.created_at, r.expires_at, r.resent_at, r.resend_count,
         c.id AS contact_id, c.first_name, c.last_name, c.email, c.company, c.job_title, c.avatar_url
  FROM connection_request r JOIN contact c ON c.id = r.sender_id
  WHERE r.recipient_id = ? ORDER BY r.created_at DESC LIMIT 50`)

const resend = db.transaction((requestId, contactId) => {
  const row = getRequest.get(requestId)
  if (!row) return 'NotFound'
  if (row.sender_id !== contactId) return 'Forbidden'
  if (row.status !== 'Pending') return 'NotPending'
  const now = new Date().toISOString()
  markResent.run(now, requestId)
  queueLetter.run(requestId, row.recipient_id, now)
  return null
})

const refusal = (code, message, fields = []) => ({
  ResponseStatus: {
    ErrorCode: code,
    Message: message,
    Errors: fields.map(name => ({ ErrorCode: 'InvalidGuid', FieldName: name, Message: `'${name}' is no Guid.` }))
  }
})
const refuse = (reply, code) => reply.code(REFUSALS[code][0]).send(refusal(code, REFUSALS[code][1]))

const guid = { type: 'string', pattern: '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$' }
const text = { type: 'string' }
const contact = {
  type: 'object',
  properties: { ContactId: text, FirstName: text, LastName: text, Email: text, Company: text, JobTitle: text, AvatarUrl: text }
}
const received = {
  type: 'object',
  properties: {
    ConnectionRequestId: text, ContactId: text, Status: text, Message: text, CreatedAt: text, ExpiresAt: text,
    ResentAt: { type: 'string', nullable: true }, ResendCount: { type: 'integer' }, Contact: contact
  }
}
const asModel = row => ({
  ConnectionRequestId: row.id, ContactId: row.recipient_id, Status: row.status, Message: row.message,
  CreatedAt: row.created_at, ExpiresAt: row.expires_at, ResentAt: row.resent_at, ResendCount: row.resend_count,
  Contact: {
    ContactId: row.contact_id, FirstName: row.first_name, LastName: row.last_name, Email: row.email,
    Company: row.company, JobTitle: row.job_title, AvatarUrl: row.avatar_url
  }
})

app.decorateRequest('caller', '')
app.addHook('onRequest', (request, reply, done) => {
  try {
    request.caller = verify((request.headers.authorization || '').slice(7)).sub
    done()
  } catch {
    refuse(reply, 'Unauthorized')
  }
})
app.setErrorHandler((error, request, reply) => {
  if (!error.validation) return reply.code(500).send(refusal('InternalError', 'Something went wrong.'))
  const fields = error.validation.map(problem => problem.instancePath.slice(1))
  return reply.code(400).send(refusal('ValidationError', 'The request is not valid.', fields))
})

app.post('/api/connectionrequests/:ConnectionRequestId/resend', {
  schema: {
    params: { type: 'object', properties: { ConnectionRequestId: guid } },
    body: {
      type: 'object',
      required: ['ConnectionRequestId', 'ContactId'],
      properties: { ConnectionRequestId: guid, ContactId: guid }
    }
  }
}, async (request, reply) => {
  const requestId = request.params.ConnectionRequestId
  if (request.body.ContactId !== request.caller || request.body.ConnectionRequestId !== requestId) {
    return refuse(reply, 'Forbidden')
  }
  const problem = resend.immediate(requestId, request.caller)
  return problem ? refuse(reply, problem) : {}
})

app.get('/api/contacts/:ContactId/connectionrequests/received', {
  schema: {
    params: { type: 'object', properties: { ContactId: guid } },
    response: { 200: { type: 'array', items: received } }
  }
}, async (request, reply) => {
  if (request.params.ContactId !== request.caller) return refuse(reply, 'Forbidden')
  return getReceived.all(request.caller).map(asModel)
})

app.get('/api/caller', {
  schema: { response: { 200: { type: 'object', properties: { UserId: text } } } }
}, async request => ({ UserId: request.caller }))

app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
