/** What a Discord server holds, in Discord's own JSON shapes. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly global_name: string;
  readonly bot: boolean;
  readonly discriminator: "0";
  readonly avatar: null;
}

interface Overwrite {
  readonly id: string;
  readonly type: 0 | 1;
  readonly allow: string;
  readonly deny: string;
}

export interface Room {
  readonly id: string;
  /** 0 text, 1 DM, 11 public thread, 12 private thread. */
  readonly type: 0 | 1 | 11 | 12;
  readonly name: string;
  readonly guild_id?: string;
  readonly parent_id: string | null;
  readonly owner_id?: string;
  readonly recipients?: readonly Account[];
  readonly permission_overwrites: Overwrite[];
  thread_metadata?: {
    archived: boolean;
    locked: boolean;
    auto_archive_duration: number;
    archive_timestamp: string;
    invitable?: boolean;
  };
}

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly description?: string;
  readonly size: number;
  readonly url: string;
  readonly proxy_url: string;
}

export interface Letter {
  readonly id: string;
  readonly channel_id: string;
  readonly author: Account;
  content: string;
  readonly timestamp: string;
  edited_timestamp: string | null;
  readonly type: number;
  mentions: readonly Account[];
  components: readonly Row[];
  attachments: readonly Attachment[];
  flags: number;
  readonly nonce?: string;
  readonly webhook_id?: string;
  readonly tts: false;
  readonly mention_everyone: false;
  readonly mention_roles: readonly [];
  readonly embeds: readonly [];
  readonly pinned: false;
}

export interface Row {
  readonly type: 1;
  readonly components: readonly {
    readonly type: 2;
    readonly label: string;
    readonly custom_id: string;
    readonly style: number;
  }[];
}
