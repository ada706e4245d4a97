// The page of the room: left who and where, in the middle the conversation, right the open thread.
import { html } from "htm/preact";
import { render } from "preact";
import { Conversation, Thread } from "./conversation.js";
import { Dialogs } from "./dialogs.js";
import { Sides } from "./people.js";
import { column, me, online, place } from "./state.js";
import { Strip } from "./strip.js";
import { become } from "./wire.js";

function Room() {
  if (!place.value) {
    return html`<p class="closed" role="status">${me.value ? "Nobody is in the room." : "Opening the room …"}</p>`;
  }
  return html`
    ${
      !online.value &&
      html`<p class="lost" role="status">The room is closed just now. Start Together again; this page comes back by itself.</p>`
    }
    <div class="room" data-column=${column.value}>
      <${Sides} />
      <main class="middle">
        <${Strip} />
        <${Conversation} />
      </main>
      <${Thread} />
    </div>
    <${Dialogs} />
  `;
}

render(html`<${Room} />`, document.body);
become(sessionStorage.getItem("me") ?? "");
