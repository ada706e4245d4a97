/** What we use of the two servers, so that the types hold where they are not installed. */
declare module "emulate" {
  export function createEmulator(options: {
    service: "slack";
    port: number;
    seed: { slack: Readonly<Record<string, unknown>> };
  }): Promise<{ readonly url: string; close(): Promise<void> }>;
}

declare module "discord-digital-twin" {
  export interface Said {
    readonly id: string;
    readonly content: string;
    readonly author: { readonly id: string };
    readonly components?: readonly { readonly components: readonly Pressable[] }[];
  }

  export interface Pressable {
    readonly label?: string;
    readonly custom_id: string;
  }

  export interface Typed {
    readonly name: string;
    readonly type: number;
    readonly value?: string;
    readonly options?: readonly Typed[];
  }

  interface Acted {
    readonly id: string;
    readonly token: string;
  }

  interface Actor {
    sendMessage(message: { content: string }): Promise<Said>;
    editMessage(message: { messageId: string; content: string }): Promise<Said>;
    deleteMessage(message: { messageId: string }): Promise<void>;
    runSlashCommand(command: { name: string; options: readonly Typed[] }): Promise<Acted>;
    clickButton(button: { messageId: string; customId: string }): Promise<Acted>;
  }

  interface Channel {
    user(id: string): Actor;
    getMessages(): Promise<readonly Said[]>;
    getInteractionResponse(
      id: string,
    ): Promise<{ readonly acknowledged: boolean; readonly type: number; readonly data: string | null } | null>;
  }

  export class DigitalDiscord {
    constructor(options: {
      guild: { name: string; ownerId: string };
      channels: readonly { id: string; name: string; type: number }[];
      users: readonly { id: string; username: string }[];
    });
    readonly restUrl: string;
    readonly botToken: string;
    readonly botUserId: string;
    start(): Promise<void>;
    stop(): Promise<void>;
    channel(id: string): Channel;
    readonly prisma: {
      readonly channel: {
        findFirst(asked: { where: { starterMessageId: string } }): Promise<{ readonly id: string } | null>;
      };
    };
    simulateInteraction(interaction: {
      type: number;
      channelId: string;
      userId: string;
      data: Readonly<Record<string, unknown>>;
    }): Promise<Acted>;
  }
}
