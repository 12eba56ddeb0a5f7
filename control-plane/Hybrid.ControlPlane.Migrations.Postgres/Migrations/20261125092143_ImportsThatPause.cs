using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Hybrid.ControlPlane.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ImportsThatPause : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "vanished",
                table: "imports",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "changed_at",
                table: "assets",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "seen_by",
                table: "assets",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "vanished_at",
                table: "assets",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_assets_undescribed",
                table: "assets",
                column: "id",
                filter: "width is null and describe_error is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_assets_undescribed",
                table: "assets");

            migrationBuilder.DropColumn(
                name: "vanished",
                table: "imports");

            migrationBuilder.DropColumn(
                name: "changed_at",
                table: "assets");

            migrationBuilder.DropColumn(
                name: "seen_by",
                table: "assets");

            migrationBuilder.DropColumn(
                name: "vanished_at",
                table: "assets");
        }
    }
}
