using System.CommandLine;
using Hybrid.ControlPlane.Persistence;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Prints what an administrator of PostgreSQL runs once: <c>hybrid-control-plane roles | psql --dbname hybrid</c>.</summary>
internal static class Roles
{
    public static Command Verb()
    {
        var command = new Command("roles", "Prints the SQL that makes PostgreSQL's three roles: owner of the schema, application, reader.");
        command.SetAction(_ => Console.Write(DatabaseRoles.Sql));
        return command;
    }
}
