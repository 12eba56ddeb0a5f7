using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>
/// Identity's store, with passkeys from our own rows: Identity's keep them in one JSON value, which could neither be counted up in one statement nor be moved
/// row by row. It only reads; adding, renaming and removing is done by the slices, with their audit entries.
/// </summary>
internal sealed class PersonStore(ControlPlaneDb db, IdentityErrorDescriber? describer = null) : UserOnlyStore<Person, ControlPlaneDb, Guid>(db, describer)
{
    public override async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken cancellationToken) =>
        [.. (await Context.Passkeys.AsNoTracking().Where(p => p.PersonId == user.Id).ToListAsync(cancellationToken)).Select(InfoOf)];

    public override async Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) =>
        await Context.Passkeys.AsNoTracking().SingleOrDefaultAsync(p => p.PersonId == user.Id && p.CredentialId == credentialId, cancellationToken) is { } found ? InfoOf(found) : null;

    public override Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        (from k in Context.Passkeys join p in Context.Users on k.PersonId equals p.Id where k.CredentialId == credentialId select p).SingleOrDefaultAsync(cancellationToken);

    public override Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException("The slices write passkeys.");

    public override Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException("The slices write passkeys.");

    // The count is left out: Identity would compare it with what it has read, and of two answers with the same count both would come through.
    // PasskeyCeremonies counts up in one statement.
    private static UserPasskeyInfo InfoOf(Passkey passkey) => new(
        passkey.CredentialId, passkey.PublicKey, passkey.CreatedAt, 0, [.. passkey.Transports], isUserVerified: true, passkey.BackupEligible, passkey.BackedUp, passkey.AttestationObject, passkey.ClientDataJson) { Name = passkey.Name };
}
