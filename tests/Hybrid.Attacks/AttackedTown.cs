using Hybrid.Attacks;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

[assembly: AssemblyFixture(typeof(AttackedTown))]

namespace Hybrid.Attacks;

/// <summary>The real control plane on 127.0.0.1, on PostgreSQL where the run has one, with people in each role.</summary>
public sealed class AttackedTown() : SharedTown(Environment.GetEnvironmentVariable("HYBRID_TEST_POSTGRES") is null ? DatabaseProvider.Sqlite : DatabaseProvider.Postgres, 4);
