namespace Chat.Model.Privacy;

/// <summary>
/// What everybody is answered, field by field: one row for a public and one for a private room. y: it is done or shown.
/// A capital: the refusal of <see cref="Codes"/>. -: null, or not in the list.
/// </summary>
internal static class PrivacyTable
{
    public static readonly string[] Standings =
    [
        "owner", "admin", "moderator", "member", "guest", "stranger", "invited", "kicked", "banned", "serveradmin",
        "signedout",
    ];

    public static readonly Dictionary<char, string> Codes = new()
    {
        ['N'] = "NOT_FOUND",
        ['F'] = "FORBIDDEN",
        ['B'] = "ROOM_BANNED",
        ['U'] = "UNAUTHENTICATED",
        ['A'] = "MESSAGE_NOT_AUTHOR",
        ['P'] = "ROOM_MEMBERS_CANNOT_PIN",
        ['X'] = "ROOM_LAST_OWNER",
    };

    /// <summary>Commands that change nothing for anybody but those who send them.</summary>
    public static readonly string[] OfOneself =
    [
        "Mutation.joinRoom", "Mutation.leaveRoom", "Mutation.acceptInviteLink", "Mutation.createInviteLink",
        "Mutation.postMessage", "Mutation.addReaction", "Mutation.removeReaction", "Mutation.reportMessage",
        "Mutation.markRead", "Mutation.setNotifyLevel", "Mutation.setTyping",
    ];

    /// <summary>Fields of the roots that neither take nor return anything of rooms that are there already.</summary>
    public static readonly string[] NoRoomData =
    [
        "Query.server", "Query.users", "Query.user",
        "Mutation.register", "Mutation.signIn", "Mutation.enterAsGuest", "Mutation.upgradeGuest",
        "Mutation.refreshSession", "Mutation.signOut", "Mutation.revokeSession", "Mutation.changePassword",
        "Mutation.changeEmail", "Mutation.requestEmailVerification", "Mutation.requestPasswordReset",
        "Mutation.resetPassword", "Mutation.verifyEmail",
        "Mutation.updateProfile", "Mutation.eraseAccount", "Mutation.setServerRole", "Mutation.createBot",
        "Mutation.revokeBot", "Mutation.setPresence", "Mutation.createRoom", "Mutation.openDirect",
    ];

    // In the order of Standings:              owner admin mod member guest | stranger invited kicked banned sadmin out
    private const string Rows =
        """
        Query.room                  public  y y y y y  y y y y y  U
        Query.room                  private y y y y y  - y - - -  U
        Query.rooms                 public  y y y y y  y y y y y  U
        Query.rooms                 private y y y y y  - - - - -  U
        Query.message               public  y y y y y  - - - - y  U
        Query.message               private y y y y y  - - - - -  U
        Query.thread                public  y y y y y  N N N N y  U
        Query.thread                private y y y y y  N N N N N  U
        Query.reports               public  y y y F F  F F F B y  U
        Query.reports               private y y y F F  N F N N y  U
        Query.viewer                public  y y y y y  - - - - -  -
        Query.viewer                private y y y y y  - - - - -  -
        Mutation.updateRoom         public  y y F F F  F F F B F  U
        Mutation.updateRoom         private y y F F F  N F N N N  U
        Mutation.archiveRoom        public  y y F F F  F F F B F  U
        Mutation.archiveRoom        private y y F F F  N F N N N  U
        Mutation.joinRoom           public  y y y y y  y y y B y  U
        Mutation.joinRoom           private y y y y y  N y N N N  U
        Mutation.leaveRoom          public  X y y y y  y y y y y  U
        Mutation.leaveRoom          private X y y y y  N y N N N  U
        Mutation.inviteMember       public  y y y y F  F F F B F  U
        Mutation.inviteMember       private y y y y F  N F N N N  U
        Mutation.createInviteLink   public  y y y y F  F F F B F  U
        Mutation.createInviteLink   private y y y y F  N F N N N  U
        Mutation.revokeInviteLink   public  y y y F F  F F F B y  U
        Mutation.revokeInviteLink   private y y y F F  N F N N N  U
        Mutation.acceptInviteLink   public  y y y y y  y y y B y  U
        Mutation.acceptInviteLink   private y y y y y  y y y B y  U
        Mutation.setMemberRole      public  y y F F F  F F F B F  U
        Mutation.setMemberRole      private y y F F F  N F N N N  U
        Mutation.kickMember         public  y y y F F  F F F B y  U
        Mutation.kickMember         private y y y F F  N F N N N  U
        Mutation.banMember          public  y y y F F  F F F B y  U
        Mutation.banMember          private y y y F F  N F N N N  U
        Mutation.unbanMember        public  y y y F F  F F F B y  U
        Mutation.unbanMember        private y y y F F  N F N N N  U
        Mutation.muteMember         public  y y y F F  F F F B y  U
        Mutation.muteMember         private y y y F F  N F N N N  U
        Mutation.postMessage        public  y y y y y  F F F B F  U
        Mutation.postMessage        private y y y y y  N F N N N  U
        Mutation.editMessage        public  A A A y A  N N N N A  U
        Mutation.editMessage        private A A A y A  N N N N N  U
        Mutation.deleteMessage      public  y y y y F  N N N N y  U
        Mutation.deleteMessage      private y y y y F  N N N N N  U
        Mutation.addReaction        public  y y y y y  N N N N F  U
        Mutation.addReaction        private y y y y y  N N N N N  U
        Mutation.removeReaction     public  y y y y y  N N N N F  U
        Mutation.removeReaction     private y y y y y  N N N N N  U
        Mutation.pinMessage         public  y y y P F  N N N N F  U
        Mutation.pinMessage         private y y y P F  N N N N N  U
        Mutation.unpinMessage       public  y y y P F  N N N N F  U
        Mutation.unpinMessage       private y y y P F  N N N N N  U
        Mutation.reportMessage      public  y y y y y  N N N N y  U
        Mutation.reportMessage      private y y y y y  N N N N N  U
        Mutation.markRead           public  y y y y y  F F F B F  U
        Mutation.markRead           private y y y y y  N F N N N  U
        Mutation.setNotifyLevel     public  y y y y y  F F F B F  U
        Mutation.setNotifyLevel     private y y y y y  N F N N N  U
        Mutation.setTyping          public  y y y y y  F F F B F  U
        Mutation.setTyping          private y y y y y  N F N N N  U
        Subscription.roomEvents     public  y y y y y  F F F B y  U
        Subscription.roomEvents     private y y y y y  N F N N N  U
        Subscription.typing         public  y y y y y  F F F B F  U
        Subscription.typing         private y y y y y  N F N N N  U
        Subscription.presence       public  y y y y y  F F F B F  U
        Subscription.presence       private y y y y y  N F N N N  U
        Subscription.events         public  y y y y y  - - - - -  U
        Subscription.events         private y y y y y  - - - - -  U
        """;

    // sees: whoever may know of the room; reads: whoever reads it; moderates: and above; own: of the viewer's own.
    private const string Fields =
        """
        Room sees id kind name topic visibility encrypted archived createdAt position settings memberCount
        Room reads members messages pinned
        Room moderates activity
        Room own viewerMembership
        RoomSettings sees slowModeSeconds membersCanInvite membersCanPin guestsCanPost historyForNewMembers
        RoomSettings sees retentionDays
        RoomConnection sees nodes pageInfo
        RoomSummary sees id name topic memberCount encrypted
        Member reads user role joinedAt mutedUntil
        MemberConnection reads nodes pageInfo totalCount
        Membership own room role lastReadPosition unreadCount mentionCount notify mutedUntil
        Invitation own room invitedBy at
        Message reads id roomId position author text sentAt editedAt deletedAt replyTo threadRootId replyCount
        Message reads reactions mentions mentionsRoom pinned
        MessageConnection reads nodes pageInfo
        ReactionGroup reads emoji count users viewerReacted
        Report moderates id roomId messageId reason at reporter message
        ReportConnection moderates nodes pageInfo
        RoomEvent reads roomId position at actor
        RoomCreated reads roomId position at actor room
        RoomUpdated reads roomId position at actor room
        MemberChanged reads roomId position at actor user change role mutedUntil reason
        MessagePosted reads roomId position at actor message
        MessageEdited reads roomId position at actor message
        MessageDeleted reads roomId position at actor messageId
        ReactionAdded reads roomId position at actor messageId emoji
        ReactionRemoved reads roomId position at actor messageId emoji
        MessagePinned reads roomId position at actor messageId
        MessageUnpinned reads roomId position at actor messageId
        HistoryExpired reads roomId position at actor throughPosition
        Viewer own memberships invitations unreadTotal mentionTotal
        ViewerEvent own cursor event
        ReadMarkerMoved own roomId position unreadCount mentionCount
        TypingSignal reads user typing
        PresenceSignal reads user presence
        RoomPayload sees room position errors
        MessagePayload reads message position errors
        MembershipPayload own membership errors
        InviteLinkPayload own code url errors
        """;

    /// <summary>By field and visibility: the cell of each standing.</summary>
    public static Dictionary<(string Field, string Visibility), string> Cells { get; } = Rows.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .ToDictionary(words => (words[0], words[1]), words => string.Concat(words.Skip(2)));

    /// <summary>By type and field: for whom it is.</summary>
    public static Dictionary<string, string> Levels { get; } = Fields.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .SelectMany(words => words.Skip(2).Select(field => (Name: $"{words[0]}.{field}", Level: words[1])))
        .ToDictionary(one => one.Name, one => one.Level);

    public static char Cell(string field, string visibility, string standing) =>
        Cells[(field, visibility)][Array.IndexOf(Standings, standing)];
}
