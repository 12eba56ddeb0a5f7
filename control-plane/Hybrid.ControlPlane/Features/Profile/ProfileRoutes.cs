namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>What a person rules over themselves: password, language, authenticator, passkeys, recovery codes, sessions.</summary>
internal static class ProfileRoutes
{
    public static void MapProfile(this IEndpointRouteBuilder app)
    {
        var profile = app.MapGroup("/api/profile").WithTags("Profile");
        ViewProfile.Map(profile);
        ChangePassword.Map(profile);
        ChangeLanguage.Map(profile);
        BeginAuthenticator.Map(profile);
        ConfirmAuthenticator.Map(profile);
        RemoveAuthenticator.Map(profile);
        AskForNewPasskey.Map(profile);
        AddPasskey.Map(profile);
        RenamePasskey.Map(profile);
        RemovePasskey.Map(profile);
        RenewRecoveryCodes.Map(profile);
        EndSession.Map(profile);
        EndOtherSessions.Map(profile);
    }
}
