using Hybrid.ControlPlane.Domain.Organizations;

namespace Hybrid.ControlPlane.Infrastructure.Mail;

/// <summary>What mails say: what the link is for and how long it works. No name of anybody, of an organization or of a project.</summary>
internal static class MailTexts
{
    private static readonly Dictionary<(string Language, MailLinkKind Kind), (string Subject, string Body)> Texts = new()
    {
        [("en", MailLinkKind.Invitation)] = ("You are invited to Hybrid",
            "Somebody has invited you to label data in Hybrid.\n\nTo choose your name and password, open this link within 7 days. It works once.\n\n{0}\n\nIf you did not expect this, do nothing."),
        [("fr", MailLinkKind.Invitation)] = ("Vous êtes invité·e à rejoindre Hybrid",
            "Quelqu’un vous invite à annoter des données dans Hybrid.\n\nPour choisir votre nom et votre mot de passe, ouvrez ce lien dans les 7 jours. Il ne sert qu’une fois.\n\n{0}\n\nSi vous ne vous y attendiez pas, ne faites rien."),
        [("de", MailLinkKind.Invitation)] = ("Sie sind zu Hybrid eingeladen",
            "Jemand hat Sie eingeladen, in Hybrid Daten zu annotieren.\n\nUm Namen und Passwort zu wählen, öffnen Sie diesen Link innerhalb von 7 Tagen. Er gilt einmal.\n\n{0}\n\nWenn Sie das nicht erwartet haben, tun Sie nichts."),
        [("en", MailLinkKind.Digest)] = ("Something waits for you in Hybrid",
            "An issue or a question in Hybrid waits for you.\n\nTo see it, open this link and sign in.\n\n{0}\n\nYou hear of this at most once a day."),
        [("fr", MailLinkKind.Digest)] = ("Quelque chose vous attend dans Hybrid",
            "Un problème ou une question vous attend dans Hybrid.\n\nPour le voir, ouvrez ce lien et connectez-vous.\n\n{0}\n\nVous en êtes averti·e au plus une fois par jour."),
        [("de", MailLinkKind.Digest)] = ("In Hybrid wartet etwas auf Sie",
            "In Hybrid wartet ein Hinweis oder eine Frage auf Sie.\n\nUm es zu sehen, öffnen Sie diesen Link und melden Sie sich an.\n\n{0}\n\nSie hören davon höchstens einmal am Tag."),
        [("en", MailLinkKind.PasswordReset)] = ("A new password for Hybrid",
            "Somebody has asked for a new password for your account in Hybrid.\n\nTo choose it, open this link within 30 minutes. It works once.\n\n{0}\n\nIf it was not you, do nothing: your password stays as it is."),
        [("fr", MailLinkKind.PasswordReset)] = ("Un nouveau mot de passe pour Hybrid",
            "Quelqu’un a demandé un nouveau mot de passe pour votre compte Hybrid.\n\nPour le choisir, ouvrez ce lien dans les 30 minutes. Il ne sert qu’une fois.\n\n{0}\n\nSi ce n’était pas vous, ne faites rien : votre mot de passe reste inchangé."),
        [("de", MailLinkKind.PasswordReset)] = ("Ein neues Passwort für Hybrid",
            "Jemand hat ein neues Passwort für Ihr Konto in Hybrid angefordert.\n\nUm es zu wählen, öffnen Sie diesen Link innerhalb von 30 Minuten. Er gilt einmal.\n\n{0}\n\nWenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist."),
    };

    /// <summary>Subject and text of a mail.</summary>
    public static (string Subject, string Body) Of(string language, MailLinkKind kind, Uri link)
    {
        var (subject, body) = Texts[(language, kind)];
        return (subject, body.Replace("{0}", link.ToString(), StringComparison.Ordinal) + "\n");
    }
}
