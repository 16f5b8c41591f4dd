/* The chat inside the widget's frame. Everything that comes from outside is shown as text, never as HTML. */
(() => {
  "use strict";
  const config = JSON.parse(document.getElementById("config").textContent);
  const { bot, key, shop } = config;
  const $ = (selector) => document.querySelector(selector);
  const log = $(".log");
  const form = $("form");
  const input = $("textarea");
  const send = $(".send");
  const said = $("#said");
  const framed = window.parent !== window && Boolean(config.parent);
  const store = `storeclerk:${bot.id}`;
  const name = bot.assistant_name;
  const say = (key, values = { shop, name }) => config.words[key].replace(/\{(\w+)\}/g, (_, place) => values[place]);
  const QUIET_MS = 45000;
  const LISTEN_MS = 4000;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    element.append(...children);
    return element;
  };
  const picture = (d) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  };
  const THUMB = "M7 11v9H4a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM7 11l4-8c1.7 0 2.6 1.2 2.3 2.8L12.7 9H19a2 2 0 0 1 2 2.4l-1.4 7A2 2 0 0 1 17.6 20H7";

  // --- memory: nothing is kept before the first message

  let state = { visitor: config.visitor, conversation: null, open: false, items: [] };
  try {
    const kept = JSON.parse(sessionStorage.getItem(store));
    if (kept && Array.isArray(kept.items)) state = kept;
  } catch { /* storage may be forbidden: the conversation then lives as long as the page */ }
  const keep = () => {
    if (!state.items.length) return;
    state.items = state.items.slice(-30);
    try { sessionStorage.setItem(store, JSON.stringify(state)); } catch { /* as above */ }
  };

  // --- the page around us

  const tell = (message) => framed && window.parent.postMessage({ storeclerk: 1, ...message }, config.parent);
  let open = !framed;
  let page = null;
  window.addEventListener("message", (event) => {
    if (!framed || event.origin !== config.parent || event.source !== window.parent) return;
    const message = event.data;
    if (!message || message.storeclerk !== 1) return;
    if (message.type === "open") {
      open = state.open = true;
      document.body.classList.toggle("modal", message.modal === true);
      if (message.focus) (input.disabled ? $(".close") : input).focus();
      requestAnimationFrame(toEnd);
    } else if (message.type === "close") {
      open = state.open = false;
    } else if (message.type === "page") {
      const { url, title } = message.page || {};
      page = typeof url === "string" && typeof title === "string" ? { url, title } : null;
    }
    keep();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && framed) tell({ type: "close" });
    if (event.key === "Tab" && document.body.classList.contains("modal")) trap(event);
  });
  const trap = (event) => {
    const stops = [...document.querySelectorAll("a[href],button,textarea,summary,[tabindex='0']")].filter(
      (element) => !element.disabled && element.offsetParent !== null,
    );
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (event.shiftKey && document.activeElement === first) { event.preventDefault(); last.focus(); }
    else if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); first.focus(); }
  };

  // --- text: a small part of Markdown, made of nodes

  const safe = (address) => {
    try {
      const url = new URL(address);
      const local = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
      return ["https:", "mailto:", "tel:"].includes(url.protocol) || (url.protocol === "http:" && local) ? url.href : null;
    } catch { return null; }
  };
  const link = (address, ...children) => {
    const href = safe(address);
    return href ? make("a", { href, target: "_blank", rel: "noopener nofollow ugc" }, ...children) : make("span", {}, ...children);
  };
  const INLINE = /\*\*(.+?)\*\*|\[([^\]\n]+)\]\(([^()\s]+)\)|`([^`\n]+)`|(https?:\/\/[^\s<>()]*[^\s<>().,;:!?'"])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g;
  const inline = (text, parent) => {
    let from = 0;
    for (const match of text.matchAll(INLINE)) {
      parent.append(text.slice(from, match.index));
      const [whole, bold, label, address, code, url, mail] = match;
      if (bold) parent.append(inline(bold, make("strong")));
      else if (label) parent.append(link(address, label));
      else if (code) parent.append(make("code", {}, code));
      else if (url) parent.append(link(url, url));
      else parent.append(link(`mailto:${mail}`, mail));
      from = match.index + whole.length;
    }
    parent.append(text.slice(from));
    return parent;
  };
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  const rich = (text, parent) => {
    parent.replaceChildren();
    let list = null, table = null, paragraph = null, code = null;
    for (const line of text.split("\n")) {
      if (/^\s*```/.test(line)) {
        if (code) code = null;
        else parent.append(make("pre", { tabindex: "0" }, (code = make("code"))));
        list = table = paragraph = null;
        continue;
      }
      if (code) { code.append(code.textContent && "\n", line); continue; }
      const item = /^\s*(?:([-*•])|(\d+)[.)])\s+(.*)/.exec(line);
      const row = /^\s*\|.*\|\s*$/.test(line);
      if (!item) list = null;
      if (!row) table = null;
      if (item) {
        const kind = item[1] ? "ul" : "ol";
        if (list?.localName !== kind) parent.append((list = make(kind, item[2] ? { start: item[2] } : {})));
        list.append(inline(item[3], make("li")));
      } else if (row) {
        if (/^[\s|:-]+$/.test(line)) continue;
        const head = !table;
        if (head) parent.append(make("div", { class: "table" }, (table = make("table"))));
        table.append(make("tr", {}, ...cells(line).map((cell) => inline(cell, make(head ? "th" : "td")))));
      } else if (line.trim()) {
        const heading = /^#{1,6}\s+(.*)/.exec(line);
        if (heading) parent.append(make("p", {}, inline(heading[1], make("strong"))));
        else if (paragraph) { paragraph.append(make("br")); inline(line, paragraph); continue; }
        else { parent.append((paragraph = inline(line, make("p")))); continue; }
      }
      paragraph = null;
    }
    return parent;
  };

  // --- parts of an answer

  const money = ({ amount, currency }) => {
    if (currency === "XXX") return amount; // ISO 4217: the shop states no currency
    try { return new Intl.NumberFormat(navigator.language, { style: "currency", currency }).format(Number(amount)); }
    catch { return `${amount} ${currency}`; }
  };
  const STOCK = ["in_stock", "out_of_stock", "preorder"];
  const card = (product) => {
    const body = make("div", {}, link(product.url, product.variant ? `${product.title}, ${product.variant}` : product.title));
    if (product.price) {
      const price = make("p", { class: "price" }, money(product.price));
      const was = product.was_price;
      if (was && Number(was.amount) > Number(product.price.amount)) {
        price.append(make("s", {}, make("span", { class: "unseen" }, `${say("before")}: `), money(was)));
      }
      body.append(price);
    }
    if (STOCK.includes(product.availability)) {
      body.append(make("p", { class: "stock", "data-is": product.availability }, say(product.availability)));
    }
    const read = new Date(product.as_of);
    const when = read.toLocaleString(navigator.language, { dateStyle: "medium", timeStyle: "short" });
    body.append(make("p", { class: "as-of" }, `${say("as_of")} `, make("time", { datetime: product.as_of }, when)));
    const item = make("li");
    const source = safe(product.image_url);
    if (source) {
      const image = make("img", { src: source, alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
      image.addEventListener("error", () => image.remove());
      item.append(image);
    }
    item.append(body);
    return item;
  };
  // Few products stand below each other; more lie side by side, so that the conversation stays in sight.
  const shelf = (products) => {
    const list = make("ul", { class: "cards", role: "list", "aria-label": say("products") }, ...products.map(card));
    if (products.length <= 3) return [list];
    list.classList.add("row");
    const turn = (key, d, by) => {
      const button = make("button", { type: "button", "aria-label": say(key), title: say(key) }, picture(d));
      button.addEventListener("click", () => list.scrollBy({ left: by * list.clientWidth * 0.8 }));
      return button;
    };
    return [list, make("div", { class: "turn" }, turn("previous", "M15 5l-7 7 7 7", -1), turn("next", "M9 5l7 7-7 7", 1))];
  };
  const sources = (citations) => {
    const list = make("ol");
    const seen = new Set();
    for (const { title, url, quote, page } of citations) {
      const mark = url + title + quote;
      if (seen.has(mark)) continue;
      seen.add(mark);
      const name = `${title || say("the_shop")}${page ? `, ${say("page", { number: page })}` : ""}`;
      list.append(make("li", {}, link(url, name), make("q", {}, quote)));
    }
    return make("details", {}, make("summary", {}, say("sources", { count: seen.size })), list);
  };
  const rating = (item) => {
    const words = make("span", { role: "status" });
    const press = (helpful, label, turned) => {
      const button = make("button", { type: "button", "aria-label": label, title: label, "aria-pressed": String(item.helpful === helpful) }, picture(THUMB));
      if (turned) button.firstChild.style.transform = "rotate(180deg)";
      button.addEventListener("click", async () => {
        item.helpful = helpful;
        for (const other of row.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
        words.textContent = "";
        const { turn_id, conversation_id } = item.reply;
        const answer = await post("/feedback", { turn_id, conversation_id, helpful }).catch(() => null);
        words.textContent = say(answer?.ok ? "thanks" : "not_sent");
        keep();
      });
      return button;
    };
    const row = make("div", { class: "rate", role: "group", "aria-label": say("rate") },
      press(true, say("helpful"), false), press(false, say("not_helpful"), true), words);
    return row;
  };
  const finish = (bubble, item) => {
    const { reply } = item;
    if (!reply.text && !reply.products.length) {
      // A person of the shop owns the conversation: they answer, not the bot.
      bubble.remove();
      return;
    }
    rich(reply.text, bubble);
    const parts = [];
    if (reply.products.length) parts.push(...shelf(reply.products));
    if (reply.citations.length) parts.push(sources(reply.citations));
    if (reply.notice) bubble.before(make("p", { class: "notice" }, reply.notice));
    bubble.after(...parts, rating(item));
  };

  // --- the conversation

  // The question stays in sight while its answer grows below it, unless the shopper scrolls away.
  let asked = null;
  const settle = () => {
    if (asked) log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, asked.offsetTop - log.offsetTop - 8);
  };
  for (const kind of ["wheel", "touchmove"]) log.addEventListener(kind, () => { asked = null; }, { passive: true });
  log.addEventListener("keydown", () => { asked = null; });
  const toEnd = () => { log.scrollTop = log.scrollHeight; };
  const add = (element) => { log.append(element); toEnd(); return element; };
  const question = (text) => add(make("p", { class: "bubble mine", dir: "auto" }, make("span", { class: "unseen", dir: "ltr" }, `${say("you")}: `), text));
  const answer = () => add(make("div", { class: "bubble theirs", dir: "auto" }));
  const person = (text) => add(make("div", { class: "bubble theirs person", dir: "auto" },
    make("span", { class: "who", dir: "ltr" }, say("person")), inline(text, make("p"))));
  const announce = (text) => { said.textContent = ""; setTimeout(() => { said.textContent = text; }, 50); };

  const suggestions = () => {
    if (!bot.example_questions.length || bot.state !== "live") return;
    const items = bot.example_questions.slice(0, 4).map((text) => {
      const button = make("button", { type: "button" }, text);
      button.addEventListener("click", () => { input.focus(); ask(text); });
      return make("li", {}, button);
    });
    add(make("ul", { class: "suggestions", role: "list", "aria-label": say("begin") }, ...items));
  };
  const begin = () => {
    log.replaceChildren();
    rich(bot.greeting, answer());
    if (bot.state === "live") {
      if (!state.items.length) suggestions();
    } else {
      rich(`${say("break")} ${bot.contact || say("contact")}`, answer());
      input.disabled = true;
      input.placeholder = say("break");
      send.setAttribute("aria-disabled", "true");
    }
    for (const item of state.items) {
      if (item.person) { person(item.text); continue; }
      question(item.question);
      finish(answer(), item);
    }
    listen();
  };

  const post = (path, body, more = {}) => fetch(`/chat/${encodeURIComponent(bot.id)}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...more.headers },
    body: JSON.stringify({ visitor: state.visitor, ...body }),
    signal: more.signal,
    credentials: "omit",
  });

  const events = async function* (response, alive) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      const blocks = (waiting + value).split("\n\n");
      waiting = blocks.pop();
      for (const block of blocks) {
        const found = /^event: (\w+)\ndata: (.*)$/s.exec(block);
        if (found) yield [found[1], JSON.parse(found[2])];
      }
    }
  };

  // --- a person of the shop: what they say is fetched while the conversation is not the bot's alone

  let listening = null;
  const listen = (after = LISTEN_MS) => {
    clearTimeout(listening);
    if (state.handed && state.conversation) listening = setTimeout(fetchSaid, after);
  };
  const fetchSaid = async () => {
    const conversation = state.conversation;
    const response = await post("/messages", { conversation_id: conversation }).catch(() => null);
    if (conversation !== state.conversation) return;
    if (response?.ok) {
      const { owner, items } = await response.json();
      const known = new Set(state.items.map((item) => item.person));
      for (const { id, text } of items) {
        if (known.has(id)) continue;
        state.items.push({ person: id, text });
        person(text);
        announce(`${say("person")}: ${text}`);
        if (!open) tell({ type: "unread" });
      }
      state.handed = owner !== "bot";
      keep();
    }
    listen(document.hidden ? LISTEN_MS * 4 : LISTEN_MS);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) listen(0); });

  class Trouble extends Error {
    constructor(words, code = "") { super(words); this.code = code; }
  }
  const refuse = async (response) => {
    const problem = await response.json().catch(() => ({}));
    const wait = Number(response.headers.get("retry-after"));
    let words = problem.detail || say("not_now");
    if (["not_live", "paused"].includes(problem.code)) words = `${say("break")} ${bot.contact}`;
    else if (response.status >= 500) words = say("later");
    else if (response.status === 401 || response.status === 403) words = say("changed");
    else if (response.status === 429 && wait > 0 && wait <= 60) words = say("too_many", { seconds: wait });
    throw new Trouble(words, response.status === 404 ? "gone" : problem.code);
  };

  let busy = null;
  const ask = async (text) => {
    text = text.trim();
    if (!text || busy || bot.state !== "live") return;
    const mine = (busy = new AbortController());
    send.setAttribute("aria-disabled", "true");
    $(".suggestions")?.remove();
    $(".wrong")?.remove();
    asked = question(text);
    const bubble = answer();
    bubble.setAttribute("aria-busy", "true");
    bubble.append(make("span", { class: "dots", role: "img", "aria-label": say("writing") }, make("i"), make("i"), make("i")));
    toEnd();
    announce(say("writing"));
    let quiet;
    const alive = () => { clearTimeout(quiet); quiet = setTimeout(() => mine.abort(), QUIET_MS); };
    try {
      alive();
      const reply = await receive(text, bubble, mine.signal, alive);
      const item = { question: text, reply };
      state.conversation = reply.conversation_id;
      state.open = open;
      state.items.push(item);
      finish(bubble, item);
      if (reply.outcome === "handed_off") state.handed = true;
      listen();
      settle();
      keep();
      announce(reply.text ? `${reply.notice || ""} ${name}: ${reply.text}`.trim() : say("passed_on"));
      if (!open) tell({ type: "unread" });
    } catch (error) {
      if (busy !== mine) return;
      troubled(error, text, bubble);
    } finally {
      clearTimeout(quiet);
      bubble.removeAttribute("aria-busy");
      if (busy === mine) {
        busy = null;
        send.setAttribute("aria-disabled", "false");
      }
    }
  };
  const receive = async (text, bubble, signal, alive) => {
    const options = { headers: { Accept: "text/event-stream" }, signal };
    const body = { text, stream: true, ...(page && { page }) };
    let response = await post("", { ...body, conversation_id: state.conversation }, options);
    if (response.status === 404 && state.conversation) {
      // The conversation was removed meanwhile: the question is still worth an answer.
      state.conversation = null;
      response = await post("", body, options);
    }
    if (!response.ok) await refuse(response);
    let written = "";
    for await (const [kind, data] of events(response, alive)) {
      if (kind === "token") {
        written += data.text;
        rich(written, bubble);
        settle();
      } else if (kind === "reply") return data;
      else if (kind === "error") throw new Trouble(data.detail);
    }
    throw new Trouble(say("cut_off"));
  };
  const troubled = (error, text, bubble) => {
    const words = error instanceof Trouble ? error.message
      : say(navigator.onLine === false ? "offline_now" : "not_reached");
    const again = make("button", { type: "button", class: "again" }, say("again"));
    const note = make("div", { class: "bubble wrong" }, make("p", {}, words), again);
    again.addEventListener("click", () => {
      note.previousElementSibling?.remove();
      note.remove();
      input.focus();
      ask(text);
    });
    bubble.replaceWith(note);
    toEnd();
    announce(words);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy || !input.value.trim()) return;
    const text = input.value;
    input.value = "";
    grow();
    ask(text);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, 120)}px`;
  };
  input.addEventListener("input", grow);

  $(".new").addEventListener("click", () => {
    busy?.abort();
    busy = null;
    send.setAttribute("aria-disabled", "false");
    try { sessionStorage.removeItem(store); } catch { /* as above */ }
    state = { visitor: config.visitor, conversation: null, open, items: [] };
    begin();
    announce(say("new"));
    input.focus();
  });
  $(".close").addEventListener("click", () => tell({ type: "close" }));
  $(".close").hidden = !framed;
  document.body.classList.toggle("alone", !framed);

  const offline = () => { $(".offline").hidden = navigator.onLine !== false; };
  window.addEventListener("online", offline);
  window.addEventListener("offline", offline);
  offline();
  begin();
  tell({ type: "ready", state: bot.state, name: shop, words: [say("chat_with"), say("close"), say("unread", { count: "{count}" })],
    open: state.open && state.items.length > 0, palettes: config.palettes });
})();
