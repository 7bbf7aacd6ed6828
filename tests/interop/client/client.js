// A clinic's software as far as CDS Hooks 2.0 goes: discovery, signed calls, prefetch by
// search, cards, suggestions, override reasons, links, feedback. It calls a service as
// the official sandbox does, and like it lets raw HTML in Markdown through.
import { parse } from './marked.esm.js'

export const ISSUER = 'https://clinic.example.org'
const KEY = 'first'
const LIFETIME = 120 // seconds
const PATIENCE = 2000 // milliseconds for one search
const CURVE = { name: 'ECDSA', namedCurve: 'P-384' }

const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
const place = id => document.getElementById(id)
let chart // what is open: addresses, patient, services, draft orders

// The tokens --------------------------------------------------------------------------

async function publicKeys() {
  const key = await crypto.subtle.exportKey('jwk', keys.publicKey)
  return { keys: [{ ...key, kid: KEY, alg: 'ES384', use: 'sig' }] }
}

const base64url = bytes =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

async function token(audience) {
  const now = Math.floor(Date.now() / 1000)
  const parts = [
    { alg: 'ES384', typ: 'JWT', kid: KEY },
    { iss: ISSUER, aud: audience, iat: now, exp: now + LIFETIME,
      jti: crypto.randomUUID() },
  ]
  const text = new TextEncoder()
  const said = parts.map(each => base64url(text.encode(JSON.stringify(each)))).join('.')
  const how = { name: 'ECDSA', hash: 'SHA-384' }
  const signed = await crypto.subtle.sign(how, keys.privateKey, text.encode(said))
  return `${said}.${base64url(new Uint8Array(signed))}`
}

// The service -------------------------------------------------------------------------

async function ask(path, body) {
  const url = `${chart.service}${path}`
  const headers = { Authorization: `Bearer ${await token(url)}` }
  const post = { method: 'POST', body: JSON.stringify(body) }
  if (body) headers['Content-Type'] = 'application/json'
  const answer = await fetch(url, { headers, ...(body ? post : {}) })
  log(body ? 'POST' : 'GET', path, answer.status)
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  const text = await answer.text()
  return text && JSON.parse(text)
}

async function discover() {
  chart.services = (await ask('/cds-services')).services
}

async function call(hook, more) {
  const service = chart.services.find(each => each.hook === hook)
  const context = {
    userId: 'Practitioner/9', patientId: chart.patient, encounterId: '77', ...more,
  }
  const body = {
    hook,
    hookInstance: crypto.randomUUID(),
    fhirServer: chart.fhir,
    fhirAuthorization: {
      access_token: 'not-to-be-read', token_type: 'Bearer', expires_in: 300,
      scope: 'patient/*.read', subject: 'cds-service', patient: chart.patient,
    },
    context,
    prefetch: await prefetched(service.prefetch ?? {}, context),
  }
  const { cards } = await ask(`/cds-services/${service.id}`, body)
  chart.last = { body, cards }
  place('cards').replaceChildren(...cards.map(card => drawn(card, service)))
  const many = cards.length === 1 ? '1 card' : `${cards.length} cards`
  place('state').textContent = `${hook}: ${many}`
}

// The FHIR server ---------------------------------------------------------------------

// What the templates ask for; a key is left out where its search fails.
async function prefetched(templates, context) {
  const found = {}
  await Promise.all(Object.entries(templates).map(async ([key, template]) => {
    const query = template.replace(/{{context\.(\w+)}}/g, (_, name) => context[name])
    try {
      found[key] = await searched(query)
    } catch {
      log('no answer', key, '')
    }
  }))
  return found
}

async function searched(query) {
  const [path, search] = query.split('?')
  const signal = AbortSignal.timeout(PATIENCE)
  const answer = search === undefined
    ? await fetch(`${chart.fhir}/${path}`, { signal })
    : await fetch(`${chart.fhir}/${path}/_search`, {
        method: 'POST', body: new URLSearchParams(search), signal,
      })
  if (!answer.ok) throw new Error(answer.status)
  return answer.json()
}

async function keep(response) {
  const subject = { reference: `Patient/${chart.patient}` }
  const answer = await fetch(`${chart.fhir}/QuestionnaireResponse`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ ...response, subject }),
  })
  place('kept').textContent = answer.ok ? 'Kept.' : `Refused: ${answer.status}.`
}

// The cards ---------------------------------------------------------------------------

function made(tag, text, more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...more })
}

function drawn(card, service) {
  const box = made('article', '', { className: `card ${card.indicator}` })
  const source = made('p', '', { className: 'source' })
  source.append(card.source.url
    ? made('a', card.source.label, { href: card.source.url, target: '_blank' })
    : card.source.label)
  const detail = made('div', '', { className: 'detail' })
  detail.innerHTML = parse(card.detail ?? '')
  const acts = made('div', '', { className: 'acts' })
  const ended = (outcome, more) => report(card, service, outcome, more, acts)
  for (const each of card.suggestions ?? [])
    acts.append(suggested(each, () => ended('accepted', {
      acceptedSuggestions: [{ id: each.uuid }],
    })))
  for (const link of card.links ?? []) acts.append(linked(link))
  acts.append(...overriding(card, ended))
  box.append(made('h3', card.summary, { className: 'summary' }), source, detail, acts)
  return box
}

function suggested(suggestion, accepted) {
  const button = made('button', suggestion.label, { type: 'button' })
  if (suggestion.isRecommended) button.className = 'recommended'
  button.onclick = async () => {
    for (const action of suggestion.actions ?? [])
      if (action.type === 'create') add(action.resource)
    await accepted()
  }
  return button
}

// Without a launch service nobody can follow a link to a SMART app.
function linked(link) {
  if (link.type === 'smart')
    return made('button', link.label, { type: 'button', disabled: true })
  return made('a', link.label, { href: link.url, target: '_blank', rel: 'noreferrer' })
}

function overriding(card, ended) {
  const reasons = made('select', '', { ariaLabel: 'Reason to override' })
  reasons.append(made('option', 'No reason given', { value: '' }))
  for (const each of card.overrideReasons ?? [])
    reasons.append(made('option', each.display, { value: each.code }))
  const button = made('button', 'Override', { type: 'button' })
  button.onclick = () => {
    const reason = card.overrideReasons?.find(each => each.code === reasons.value)
    return ended('overridden', reason ? { overrideReason: { reason } } : {})
  }
  return [reasons, button]
}

async function report(card, service, outcome, more, acts) {
  const outcomeTimestamp = new Date().toISOString()
  const feedback = [{ card: card.uuid, outcome, outcomeTimestamp, ...more }]
  await ask(`/cds-services/${service.id}/feedback`, { feedback })
  acts.replaceChildren(made('span', outcome, { className: 'done' }))
}

// The orders --------------------------------------------------------------------------

function add(order) {
  const id = `draft-${chart.orders.length + 1}`
  chart.orders.push({ ...order, id })
  const said = order.code ?? order.medicationCodeableConcept ?? {}
  const words = said.text ?? said.coding?.[0]?.display ?? order.resourceType
  place('orders').append(made('li', words))
  place('sign').disabled = false
}

async function sign() {
  const entry = chart.orders.map(resource => ({ resource }))
  const draftOrders = { resourceType: 'Bundle', type: 'collection', entry }
  await call('order-sign', { draftOrders })
}

// The page ----------------------------------------------------------------------------

function log(...words) {
  place('sent').append(made('li', words.join(' ')))
}

// What goes wrong is said on the page, and in the console.
function guarded(work) {
  return async event => {
    event.preventDefault()
    place('state').textContent = 'Working'
    try {
      await work(event)
    } catch (error) {
      place('state').textContent = `Failed: ${error.message}`
      throw error
    } finally {
      document.body.dataset.done = Number(document.body.dataset.done ?? 0) + 1
    }
  }
}

place('settings').onsubmit = guarded(async () => {
  const given = Object.fromEntries(new FormData(place('settings')))
  chart = { ...given, services: [], orders: [] }
  place('orders').replaceChildren()
  place('sign').disabled = true
  await discover()
  await call('patient-view')
})
place('sign').onclick = guarded(sign)
place('answers').onchange = guarded(async () => {
  place('kept').textContent = ''
  const response = JSON.parse(await place('answers').files[0].text())
  place('answers').value = '' // so that a file of the same name may follow
  await keep(response)
  await call('patient-view')
})

// For whoever drives the page.
window.client = {
  issuer: ISSUER, publicKeys, token, ask, add,
  opened: () => chart,
  show: card => place('cards').replaceChildren(drawn(card, chart?.services[0])),
}
